<?php
// Files as they are; every other address is WordPress's to answer.
if (is_file(__DIR__ . parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH))) {
    return false;
}
require 'index.php';
