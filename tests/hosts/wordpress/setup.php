<?php
// Makes an empty blog, and saves a post with the lines as an author does, who may not write unfiltered HTML.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1:8719';
require 'wp-config.php';
require 'wp-admin/includes/upgrade.php';
wp_install('Home', 'administrator', 'administrator@blog.example', true, '', 'a password');
update_option('permalink_structure', '/%postname%/');
switch_theme('twentytwentythree');
update_option('show_avatars', 0);
wp_delete_post(1, true);

function demand(bool $holds, string $otherwise): void
{
    $holds || exit("$otherwise\n");
}

wp_set_current_user(wp_insert_user(['user_login' => 'author', 'user_pass' => 'a password', 'role' => 'author']));
kses_init();
$html = file_get_contents('../post.html');
$id = wp_insert_post(['post_title' => 'Latches', 'post_content' => wp_slash($html), 'post_status' => 'publish'], true);
$left = get_post($id)->post_content;
demand(!preg_match('/<(script|iframe|lock-lab)/', $left), "an author may write: $left");
demand(preg_match('#<a href="[^"]*/index.html\?figure=lock-cost[^"]*"><img [^>]*cards/lock-cost.png#', $left) === 1, "nothing is left: $left");
echo 'set up';
