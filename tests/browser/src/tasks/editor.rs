//! A post in WordPress's block editor, written as an author does.

use thirtyfour::Key;

use crate::hosts::element_outcome;
use crate::page::Page;

/// Puts each line into a Custom HTML block, looks at the preview of the last, and publishes the post.
#[track_caller]
pub fn write(page: &Page, home: &str, lines: &[String]) {
    page.open(&format!("{home}wp-login.php?redirect_to=/wp-admin/post-new.php"));
    page.js("document.querySelector('#user_login').value = 'administrator'; document.querySelector('#user_pass').value = 'a password'");
    page.click("document.querySelector('#wp-submit')");
    page.wait("the editor is there", "document.querySelector('.editor-post-title__input')");
    // Without its tour, and with its tools where they stay.
    page.js("for (const [name, value] of [['welcomeGuide', false], ['fixedToolbar', true]]) wp.data.dispatch('core/preferences').set('core/edit-post', name, value)");
    page.click("document.querySelector('.editor-post-title__input')");
    page.keys("Locks");
    for line in lines {
        page.js("wp.data.dispatch('core/block-editor').insertDefaultBlock()");
        page.wait("it begins", "document.activeElement.matches('p.wp-block')");
        page.keys("/html");
        page.wait("it is offered", "document.querySelector('.components-autocomplete__result')");
        page.keys(Key::Enter);
        page.wait(
            "HTML can be written",
            "document.activeElement.matches('.wp-block-html textarea')",
        );
        page.keys(line.as_str());
        assert_eq!(page.js("return document.activeElement.value"), line.as_str());
    }
    page.click("[...document.querySelectorAll('button')].find((one) => one.textContent === 'Preview' && one.closest('.block-editor-block-toolbar, .block-editor-block-contextual-toolbar'))");
    page.wait("it is shown", "document.querySelector('.wp-block-html iframe')");
    page.enter_frame("document.querySelector('.wp-block-html iframe')");
    // A frame of the author's page, which nothing isolates.
    assert_eq!(element_outcome(page), "live with one thread, else a recorded run");
    page.leave_frame();
    page.click("document.querySelector('.editor-post-publish-panel__toggle')");
    page.wait(
        "it asks again",
        "document.querySelector('.editor-post-publish-panel .editor-post-publish-button')",
    );
    page.click("document.querySelector('.editor-post-publish-panel .editor-post-publish-button')");
    page.wait("it is published", "wp.data.select('core/editor').isCurrentPostPublished()");
    page.call("log out", page.driver.delete_all_cookies());
}
