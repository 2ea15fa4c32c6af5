# shellcheck shell=sh
# Read by the image of PostgreSQL before database.sql, which takes the passwords from the environment.
SIGNOFF_OWNER_PASSWORD=$(cat /run/secrets/owner_password)
SIGNOFF_WEB_PASSWORD=$(cat /run/secrets/web_password)
export SIGNOFF_OWNER_PASSWORD SIGNOFF_WEB_PASSWORD
