#!/usr/bin/env bash
# Runs the commands of docs/install.md, section "By hand", as they are written, in a scratch root; then checks what a
# browser and an administrator see through nginx, through nginx at another port, and through Caddy.
#
# What stands in for the world outside: systemctl, sudo, apt (see prepare.sh); the build, which was made before; rustup's
# installer; and certbot, which makes a certificate of its own here.

# shellcheck source=tests/install/prepare.sh
. "$ROOT/tests/install/prepare.sh"
# shellcheck source=tests/install/proxy_checks.sh
. "$ROOT/tests/install/proxy_checks.sh"

check_modes() {
    local expected
    for expected in '640 root:signoff /etc/signoff/signoff.env' '600 signoff:signoff /etc/signoff/signoff.key' \
        '700 signoff:signoff /var/lib/signoff' '700 signoff:signoff /var/lib/signoff/evidence' \
        '700 signoff:signoff /var/backups/signoff'; do
        [ "$(stat -c '%a %U:%G %n' "${expected##* }")" = "$expected" ] || fail "$(stat -c '%a %U:%G %n' "${expected##* }"), not $expected"
    done
}

check_database() {
    local found
    found=$(setpriv --reuid=postgres --regid=postgres --init-groups psql -At -d signoff \
        -c "SHOW data_checksums" -c "SELECT datcollate FROM pg_database WHERE datname = 'signoff'" \
        -c "SELECT lower('ÜNÏCODE')" | tr '\n' ' ')
    [ "$found" = 'on C.UTF-8 ünïcode ' ] || fail "the database has checksums, locale, lower case: $found"
}

prepare
stand_in_for_the_world
prepare_postgres
prepare_redis
ln -sf ../sites-available/default /etc/nginx/sites-enabled/default
systemctl start nginx

run_page sh
step 'folders, database'
check_modes
check_database

step 'nginx'
make_demo
check_proxy "https://$HOST" /var/log/nginx
check_flood "https://$HOST"
[ "$(/usr/bin/curl -fsS "http://$HOST/.well-known/acme-challenge/question")" = answer ] || fail 'a renewal is not answered'

step 'nginx at another port'
sed -i 's/listen 443 /listen 18443 /; s/listen \[::\]:443 /listen [::]:18443 /' /etc/nginx/sites-available/signoff
sed -i "s#^SIGNOFF_PUBLIC_URL=.*#SIGNOFF_PUBLIC_URL=https://$HOST:18443#" /etc/signoff/signoff.env
systemctl restart signoff
systemctl reload nginx
check_proxy "https://$HOST:18443" /var/log/nginx

step 'Caddy'
sed -i "s#^SIGNOFF_PUBLIC_URL=.*#SIGNOFF_PUBLIC_URL=https://$HOST#" /etc/signoff/signoff.env
systemctl restart signoff
systemctl stop nginx
# Its certificate comes from an authority of its own here.
sed -i '0,/^{$/s//{\n\tlocal_certs\n\tskip_install_trust/' /usr/share/signoff/Caddyfile
install -d -o caddy -g caddy /var/lib/caddy /var/log/caddy
systemctl start caddy
export CURL_CA_BUNDLE=/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt
run_page sh-caddy 99 "host=$HOST"
check_proxy "https://$HOST" /var/log/caddy
systemctl stop caddy signoff
say
say 'The page runs as it is written.'
