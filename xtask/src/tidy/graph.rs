//! Which file imports which: Rust's modules by their syntax trees, the page's scripts by esbuild's metafile. Tests are left out.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Item, Meta, Token, UseTree, Visibility};

use crate::process::{self, git};
use crate::{files, node, paths};

/// The files that each file imports, by their paths below `src/` or `www/`; every package of npm's is `npm`.
pub type Graph = BTreeMap<String, BTreeSet<String>>;

/// The files that import themselves by way of others.
pub fn in_circles(graph: &Graph) -> Vec<&str> {
    let reaches_itself = |start: &&String| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<_> = graph[*start].iter().collect();
        while let Some(file) = next.pop() {
            if seen.insert(file) {
                next.extend(graph.get(file).into_iter().flatten());
            }
        }
        seen.contains(start)
    };
    let files = graph.keys().filter(reaches_itself);
    files.map(String::as_str).collect()
}

/// The page's scripts.
pub fn imports_of_page() -> Result<Graph> {
    node::ensure()?;
    const METAFILE: &str = "target/tidy/metafile.json";
    let scripts = process::output_of(&mut git("ls-files -co --exclude-standard www/*.js"))?;
    let is_there = |path: &&str| paths::root().join(path).is_file();
    let options = "--bundle --format=esm --log-level=error --outdir=target/tidy/page";
    let mut esbuild = node::command(&format!("node_modules/esbuild/bin/esbuild {options}"));
    esbuild.arg(format!("--metafile={METAFILE}"));
    esbuild.args(scripts.lines().filter(is_there));
    process::run(&mut esbuild)?;
    let metafile = files::json(&paths::root().join(METAFILE))?;
    let mut graph = Graph::new();
    for (path, input) in metafile["inputs"].as_object().into_iter().flatten() {
        let imports = input["imports"].as_array().into_iter().flatten();
        let imports = imports.filter_map(|import| import["path"].as_str());
        let imports = imports.map(|import| import.strip_prefix("www/").unwrap_or("npm").to_owned());
        // To find a file by a name that is known at run time is not to depend on it.
        if let Some(path) = path.strip_prefix("www/").filter(|path| *path != "files.js") {
            graph.insert(path.to_owned(), imports.collect());
        }
    }
    Ok(graph)
}

/// The crate's modules. An edge leads to the file of the innermost module that a path names: a re-exported name belongs to the module
/// that it is taken from.
pub fn imports_of_rust() -> Result<Graph> {
    let mut modules = Modules::new();
    let mut tests = Vec::new();
    for (file, text) in files::read(&paths::root().join("src"))? {
        let Some(path) = file.strip_suffix(".rs") else {
            continue;
        };
        let names = path.split('/').filter(|name| !["lib", "mod"].contains(name));
        let module: Vec<_> = names.map(str::to_owned).collect();
        let items =
            syn::parse_file(&String::from_utf8_lossy(&text)).with_context(|| file.clone())?.items;
        let (tested, items): (Vec<_>, _) =
            items.into_iter().partition(|item| is_test(attributes(item)));
        for item in tested {
            if let Item::Mod(inner) = item {
                tests.push([&module[..], &[inner.ident.to_string()]].concat());
            }
        }
        modules.insert(module, (file, items));
    }
    modules.retain(|module, _| !tests.iter().any(|test| module.starts_with(test)));
    let file_of = |path: &Vec<String>| {
        let mut lengths = (1..=path.len()).rev();
        lengths.find_map(|length| Some(modules.get(&path[..length])?.0.clone()))
    };
    let graph = modules.iter().map(|(module, (file, items))| {
        let (module, paths) = (module.clone(), Vec::new());
        let mut collector = Collector { modules: &modules, module, paths };
        items.iter().for_each(|item| collector.visit_item(item));
        let mut known: BTreeSet<_> = collector.paths.iter().filter_map(file_of).collect();
        known.remove(file);
        (file.clone(), known)
    });
    Ok(graph.collect())
}

/// Modules by their paths: their files, and what stands in them outside of tests.
type Modules = BTreeMap<Vec<String>, (String, Vec<Item>)>;

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        _ => &[],
    }
}

/// `#[cfg(test)]`, `#[cfg(all(test, not(loom)))]`, `#[cfg(loom)]`: but not `#[cfg(not(loom))]`, which is the usual code.
fn is_test(attributes: &[Attribute]) -> bool {
    let mut conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    conditions.any(|attribute| asks_for_test(&attribute.meta))
}

fn asks_for_test(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test") || path.is_ident("loom"),
        Meta::List(list) if !list.path.is_ident("not") => {
            let inner = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
            inner.is_ok_and(|inner| inner.iter().any(asks_for_test))
        }
        _ => false,
    }
}

/// Gathers every path that leads into the crate, from its top.
struct Collector<'a> {
    modules: &'a Modules,
    module: Vec<String>,
    paths: Vec<Vec<String>>,
}

impl Collector<'_> {
    fn push(&mut self, names: &[String]) {
        let Some(first) = names.first() else { return };
        let supers = names.iter().take_while(|name| *name == "super").count();
        let child = [&self.module[..], &names[..1]].concat();
        let (base, rest) = match first.as_str() {
            "crate" => (0, 1),
            "self" => (self.module.len(), 1),
            "super" => (self.module.len().saturating_sub(supers), supers),
            _ if self.modules.contains_key(&child) => (self.module.len(), 0),
            _ => return,
        };
        self.paths.push([&self.module[..base], &names[rest..]].concat());
    }

    fn push_tree(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.push_tree(&with(&path.ident), &path.tree),
            UseTree::Name(name) => self.push(&with(&name.ident)),
            UseTree::Rename(name) => self.push(&with(&name.ident)),
            UseTree::Glob(_) => self.push(before),
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.push_tree(before, tree))
            }
        }
    }
}

impl<'ast> Visit<'ast> for Collector<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let before = self.paths.len();
        self.push_tree(&[], &item.tree);
        if !matches!(item.vis, Visibility::Inherited) {
            // What a module hands on from those below it, it does not use.
            let module = self.module.clone();
            let handed_on = self.paths.split_off(before).into_iter();
            self.paths.extend(handed_on.filter(|path| !path.starts_with(&module)));
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            self.module.push(item.ident.to_string());
            visit::visit_item_mod(self, item);
            self.module.pop();
        }
    }

    /// `pub(super)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path.segments.iter().map(|segment| segment.ident.to_string());
        let names: Vec<_> = names.collect();
        // A name alone is one of this module's own: a variable may be called as a module below it.
        if names.len() > 1 {
            self.push(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        // Most macros take expressions; what others are made of is theirs.
        let arguments = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        for argument in arguments.iter().flatten() {
            visit::visit_expr(self, argument);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_for_tests_is_known_by_its_condition() {
        let rows = [
            ("test", true),
            ("all(test, not(loom))", true),
            ("not(loom)", false),
            ("not(any(loom, unix))", false),
            ("unix", false),
        ];
        for (condition, expected) in rows {
            let file = syn::parse_file(&format!("#[cfg({condition})] mod a {{}}")).expect("Rust");
            assert_eq!(is_test(attributes(&file.items[0])), expected, "{condition}");
        }
    }
}
