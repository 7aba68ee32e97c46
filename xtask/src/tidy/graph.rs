//! Which file imports which: Rust's modules by their syntax trees, the page's scripts by esbuild's metafile. Tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Item, Token, UseTree, Visibility};

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
    graph
        .keys()
        .filter(reaches_itself)
        .map(String::as_str)
        .collect()
}

/// The page's scripts.
pub fn imports_of_page() -> Result<Graph> {
    node::ensure()?;
    let metafile = paths::target().join("tidy/metafile.json");
    let scripts = process::output_of(&mut git(
        "ls-files --cached --others --exclude-standard www/*.js",
    ))?;
    let scripts = scripts
        .lines()
        .filter(|path| paths::root().join(path).is_file());
    let mut esbuild =
        node::command("node_modules/esbuild/bin/esbuild --bundle --format=esm --log-level=error");
    esbuild.arg(format!(
        "--outdir={}",
        metafile.with_file_name("page").display()
    ));
    esbuild
        .arg(format!("--metafile={}", metafile.display()))
        .args(scripts);
    process::run(&mut esbuild)?;
    let metafile = files::json(&metafile)?;
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
    let mut modules = BTreeMap::new();
    load("lib.rs", Vec::new(), &mut modules)?;
    let graph = modules.iter().map(|(module, (file, items))| {
        let mut collector = Collector {
            modules: &modules,
            module: module.clone(),
            paths: Vec::new(),
        };
        items.iter().for_each(|item| collector.visit_item(item));
        let own_file = |path: Vec<String>| {
            (1..=path.len())
                .rev()
                .find_map(|length| modules.get(&path[..length]))
                .map(|(file, _)| file.clone())
        };
        let known: BTreeSet<_> = collector
            .paths
            .into_iter()
            .filter_map(own_file)
            .filter(|known| known != file)
            .collect();
        (file.clone(), known)
    });
    Ok(graph.collect())
}

/// Modules by their paths: their files, and what stands in them outside of tests.
type Modules = BTreeMap<Vec<String>, (String, Vec<Item>)>;

fn load(file: &str, module: Vec<String>, modules: &mut Modules) -> Result<()> {
    let text = fs::read_to_string(paths::root().join("src").join(file))
        .with_context(|| file.to_owned())?;
    let mut items = syn::parse_file(&text)
        .with_context(|| file.to_owned())?
        .items;
    items.retain(|item| !is_test(attributes(item)));
    let folder = match file.strip_suffix("/mod.rs") {
        Some(folder) => format!("{folder}/"),
        None if file == "lib.rs" => String::new(),
        None => format!("{}/", file.trim_end_matches(".rs")),
    };
    for item in &items {
        if let Item::Mod(inner) = item
            && inner.content.is_none()
        {
            let (name, candidates) = (inner.ident.to_string(), [".rs", "/mod.rs"]);
            let candidates = candidates.map(|ending| format!("{folder}{name}{ending}"));
            let exists =
                |file: &&String| Path::new(&paths::root()).join("src").join(file).is_file();
            let found = candidates
                .iter()
                .find(exists)
                .with_context(|| format!("{file}: mod {name}"))?;
            load(found, [&module[..], &[name]].concat(), modules)?;
        }
    }
    modules.insert(module, (file.to_owned(), items));
    Ok(())
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        _ => &[],
    }
}

/// `#[cfg(test)]`, `#[cfg(all(test, unix))]`, `#[cfg(loom)]`: but not `#[cfg(not(loom))]`, which is the usual code.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string();
            let mut words = condition.split(|sign: char| !sign.is_alphanumeric());
            !condition.contains("not") && words.any(|word| word == "test" || word == "loom")
        }
        _ => false,
    })
}

/// Gathers every path that leads into the crate, from its top.
struct Collector<'a> {
    modules: &'a Modules,
    module: Vec<String>,
    paths: Vec<Vec<String>>,
}

impl Collector<'_> {
    fn push(&mut self, names: &[String]) {
        let supers = names.iter().take_while(|name| *name == "super").count();
        let (base, rest) = match names.first().map(String::as_str) {
            Some("crate") => (&[][..], &names[1..]),
            Some("self") => (&self.module[..], &names[1..]),
            Some("super") => (
                &self.module[..self.module.len().saturating_sub(supers)],
                &names[supers..],
            ),
            // A module of this one.
            Some(child)
                if self
                    .modules
                    .contains_key(&[&self.module[..], &[child.to_owned()]].concat()) =>
            {
                (&self.module[..], names)
            }
            _ => return,
        };
        self.paths.push([base, rest].concat());
    }

    fn push_tree(&mut self, before: &[String], tree: &UseTree) {
        match tree {
            UseTree::Path(path) => {
                self.push_tree(&[before, &[path.ident.to_string()]].concat(), &path.tree)
            }
            UseTree::Name(name) => self.push(&[before, &[name.ident.to_string()]].concat()),
            UseTree::Rename(name) => self.push(&[before, &[name.ident.to_string()]].concat()),
            UseTree::Glob(_) => self.push(before),
            UseTree::Group(group) => group
                .items
                .iter()
                .for_each(|tree| self.push_tree(before, tree)),
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
            self.paths
                .extend(handed_on.filter(|path| !path.starts_with(&module)));
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            self.module.push(item.ident.to_string());
            visit::visit_item_mod(self, item);
            self.module.pop();
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<_> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        self.push(&names);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        // Most macros take expressions; what others are made of is theirs.
        let arguments = call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        arguments
            .iter()
            .flatten()
            .for_each(|argument| visit::visit_expr(&mut *self, argument));
    }
}
