//! Takes the picture of each figure's recorded run that other sites show beside a link to it, and who sees the page without scripts sees:
//! in light and in dark, of the size that social networks ask for. Made by `cargo xtask picture`, kept in www/cards/. Judges nothing.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::engine::{Engine, figures, root};
use crate::page::Page;
use crate::runner::Runner;
use crate::suite::Case;
use crate::suite::take_home::taken;

/// The words that stand in the pictures, and what their files' names end with. The machine needs letters of each.
const LANGUAGES: [(&str, &str); 2] = [("en", ""), ("zh", ".zh")];

/// How wide a figure stands on the page before its picture is made as wide as the card, in px: what is then too tall is cut at its foot.
const WIDTH: u32 = 900;

/// Open Graph's and Twitter's usual picture, in px.
const SIZE: (u32, u32) = (1200, 630);

const CARDS: Case = Case::new("cards", take_all).only(&[Engine::Chromium]).within(120);

/// What the case at work has made: a file's name and what is to be in it.
static MADE: Mutex<Vec<(String, Vec<u8>)>> = Mutex::new(Vec::new());

/// Takes them all, into www/cards/ or another folder's cards/.
///
/// # Errors
/// A sentence about what could not be taken or written.
pub fn take(runner: &mut Runner, into: Option<&Path>) -> Result<(), String> {
    runner.run(Engine::Chromium, CARDS)?;
    let folder = into.map_or_else(|| root().join("www"), Path::to_path_buf);
    let folder = folder.join("cards");
    let made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    for (name, contents) in &*made {
        let file = folder.join(name);
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&file, contents))
            .map_err(|error| format!("{} could not be written: {error}", file.display()))?;
    }
    Ok(())
}

fn take_all(page: &Page) {
    // Letters that are not there are all the same box.
    let there = page.js(
        "const draw = (text) => {
             const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 40 });
             const context = canvas.getContext('2d');
             context.font = '30px sans-serif';
             context.fillText(text, 4, 32);
             return canvas.toDataURL();
         };
         return draw('锁') !== draw('代')",
    );
    assert!(
        there == true,
        "this machine has no Chinese letters (Debian: apt-get install fonts-wqy-microhei)"
    );
    for (language, tail) in LANGUAGES {
        for theme in ["light", "dark"] {
            for figure in figures() {
                let card = card(page, &figure, theme, language);
                let ending = if theme == "light" { "" } else { "-dark" };
                MADE.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push((format!("{figure}{ending}{tail}.png"), card));
            }
        }
    }
}

/// The figure's own picture, as its menu saves it, on a page of the card's size.
fn card(page: &Page, figure: &str, theme: &str, language: &str) -> Vec<u8> {
    let (wide, tall) = SIZE;
    assert!(page.set_viewport(WIDTH, 1400), "the window can't be made large enough");
    page.open_figure(&format!("figure={figure}&theme={theme}&lang={language}"));
    page.wait("the recorded run is shown", "lab().shadowRoot.querySelector('.recorded .verdict')");
    let svg = taken(page, "/(picture |图片（)\\(?svg/i");
    let paper = if theme == "light" { "#fbfaf7" } else { "#16171a" };
    let html = format!(
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>A card</title><link rel='icon' href='data:,'>\
         <style>body {{ margin: 0; background: {paper}; overflow: hidden }} img {{ display: block; width: {wide}px }}</style>\
         <img alt='' src='data:image/svg+xml;base64,{}'>",
        STANDARD.encode(&svg)
    );
    assert!(page.set_viewport(wide, tall), "the window can't be made as large as a card");
    page.open(&page.site.stage_whole(&page.site.plain, &html));
    page.wait("it is drawn", "document.images[0].complete && document.images[0].naturalWidth > 0");
    page.picture()
}
