#!/usr/bin/env bash
# `make compose-env`: writes what docker compose reads: .env from .env.example, and the folder secrets with new passwords, the
# addresses that contain them, and a new secret key. An .env from before this folder existed has the passwords; they are
# taken from there.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# earlier NAME: the value in an .env that was made before passwords were in files; else nothing.
earlier() { [ ! -e .env ] || sed -n "s/^$1=//p" .env | tail -n 1; }

# put_secret FILE VALUE: without a newline. Others may read the file, since the container's user is another one than that of
# this machine; but nobody else gets into the folder.
put_secret() {
    printf %s "$2" >"secrets.new/$1"
    chmod 644 "secrets.new/$1"
}

cd "$ROOT"
[ ! -e secrets ] || fail 'the folder secrets is there already; it is left as it is.'
umask 077
rm -rf secrets.new
mkdir secrets.new
for name in postgres owner web redis; do
    password=$(earlier "SIGNOFF_${name^^}_PASSWORD")
    password=${password:-$(random_secret)}
    put_secret "${name}_password" "$password"
    case $name in
        owner) put_secret migration_database_url "postgres://signoff_owner:$password@postgres:5432/signoff" ;;
        web) put_secret database_url "postgres://signoff_web:$password@postgres:5432/signoff" ;;
        redis) put_secret redis_url "redis://default:$password@redis:6379/" ;;
    esac
done
key=$(earlier SIGNOFF_SECRET_KEY)
put_secret secret_key "${key:-$(random_secret 32)}"
if [ -e .env ]; then
    sed -i -E '/^SIGNOFF_([A-Z]*_PASSWORD|SECRET_KEY)=/d' .env
else
    cp .env.example .env
fi
mv secrets.new secrets
say '.env and the folder secrets are written. Next: docker compose up -d'
