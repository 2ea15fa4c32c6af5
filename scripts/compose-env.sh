#!/usr/bin/env bash
# `make compose-env`: writes .env from .env.example, with new passwords and a new secret key.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cd "$ROOT"
[ ! -e .env ] || fail '.env is there already; it is left as it is.'
umask 077
while IFS= read -r line; do
    case $line in
        *_PASSWORD=) echo "$line$(random_secret)" ;;
        SIGNOFF_SECRET_KEY=) echo "$line$(random_secret 32)" ;;
        *) echo "$line" ;;
    esac
done <.env.example >.env.new
mv .env.new .env
say '.env is written. Next: docker compose up'
