#!/bin/sh
# WordPress as Debian packages it, on PHP's own server and a database of its own: sets it up, and keeps what it answers.
set -eu
home=http://127.0.0.1:8719
rm -rf wp data
cp -rL /usr/share/wordpress wp
cp wp-config.php router.php setup.php wp
mariadb-install-db --no-defaults --user="$(id -un)" --auth-root-authentication-method=normal --datadir="$PWD/data" >log
mariadbd --no-defaults --user="$(id -un)" --skip-networking --datadir="$PWD/data" --socket="$PWD/database.sock" >>log 2>&1 &
database=$!
trap "kill $database" EXIT
until mariadb-admin --socket="$PWD/database.sock" --user=root --silent ping 2>>log; do sleep 1; done
mariadb --socket="$PWD/database.sock" --user=root --execute="create database wordpress"
cd wp
# PHP ends in silence what WordPress finds wrong.
php setup.php | tee -a ../log | grep --quiet "set up"
php -S 127.0.0.1:8719 router.php >>../log 2>&1 &
trap "kill $! $database" EXIT
cd ..
mkdir -p out/locks out/wp-content
until curl --silent --output out/index.html "$home/"; do sleep 1; done
curl --silent --show-error --fail --output out/locks/index.html "$home/locks/"
curl --silent --show-error --fail --output out/feed.xml "$home/feed/"
# Wherever it is served.
sed -i "s#\"$home\"#\"/\"#g; s#$home##g; s#http:\\\\/\\\\/127.0.0.1:8719##g" out/index.html out/locks/index.html out/feed.xml
cp -r wp/wp-includes out
cp -r wp/wp-content/themes out/wp-content
