<?php
// Publishes the post as an administrator does, who may write unfiltered HTML; and saves it as an author does, who may not.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1:8719';
require 'wp-config.php';
require 'wp-admin/includes/upgrade.php';
wp_install('Home', 'administrator', 'administrator@blog.example', true, '', 'a password');
update_option('permalink_structure', '/%postname%/');
switch_theme('twentytwentythree');
wp_delete_post(1, true);
$html = file_get_contents('../post.html');

function post_as(int $user, string $title, string $html): string
{
    wp_set_current_user($user);
    kses_init();
    $id = wp_insert_post(['post_title' => $title, 'post_content' => wp_slash($html), 'post_status' => 'publish'], true);
    return get_post($id)->post_content;
}

function demand(bool $holds, string $otherwise): void
{
    $holds || exit("$otherwise\n");
}

demand(post_as(1, 'Locks', $html) === $html, 'the post was changed when it was saved');
demand(serialize_blocks(parse_blocks($html)) === $html, 'its blocks are not as the editor writes them');
$author = wp_insert_user(['user_login' => 'author', 'user_pass' => 'a password', 'role' => 'author']);
$left = post_as($author, 'Latches', $html);
demand(!preg_match('/<(script|iframe|lock-lab)/', $left), "an author may write: $left");
demand(preg_match('#<a href="[^"]*/index.html\?figure=lock-cost[^"]*"><img [^>]*cards/lock-cost.png#', $left) === 1, "nothing is left: $left");
echo 'set up';
