#!/bin/sh
# WordPress as Debian packages it, on PHP's own server and a database of its own.
set -eu
rm -rf wp data
cp -rL /usr/share/wordpress wp
cp wp-config.php router.php setup.php wp
ln -s ../lock-lab wp
mariadb-install-db --no-defaults --user="$(id -un)" --auth-root-authentication-method=normal --datadir="$PWD/data"
mariadbd --no-defaults --user="$(id -un)" --skip-networking --datadir="$PWD/data" --socket="$PWD/database.sock" &
trap "kill $!" EXIT
until mariadb-admin --socket="$PWD/database.sock" --user=root --silent ping; do sleep 1; done
mariadb --socket="$PWD/database.sock" --user=root --execute="create database wordpress"
cd wp
# PHP ends in silence what WordPress finds wrong.
php setup.php | tee /dev/stderr | grep --quiet "set up"
PHP_CLI_SERVER_WORKERS=4 exec php -S 127.0.0.1:8719 router.php
