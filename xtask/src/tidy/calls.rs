//! Every call has a route, and every route a call.
//!
//! `shared` names calls with `call!(Name, "/path", Reply)` or an `impl Call for Name`; the server
//! mounts them with `on::<Name, _, _>`, which takes the path from the type. So a call without a
//! route is a name that is never mounted.

use super::{Tree, Violation};
use std::collections::{BTreeMap, BTreeSet};

struct Declared {
    name: String,
    route: Option<String>,
    place: String,
}

/// Every call that `shared` declares is mounted by the server.
pub(super) fn every_call_is_routed(tree: &Tree) -> Vec<Violation> {
    let mounted = mounted(tree);
    declared(tree)
        .into_iter()
        .filter(|call| !mounted.contains(&call.name))
        .map(|call| Violation {
            place: call.place,
            sentence: format!("the server mounts no route for the call `{}`", call.name),
        })
        .collect()
}

/// Two calls on one path would answer for each other.
pub(super) fn no_route_stands_twice(tree: &Tree) -> Vec<Violation> {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut found = Vec::new();
    for call in declared(tree) {
        let Some(route) = call.route else { continue };
        if let Some(first) = seen.insert(route.clone(), call.name.clone()) {
            found.push(Violation {
                place: call.place,
                sentence: format!("`{}` has the route {route} of `{first}`", call.name),
            });
        }
    }
    found
}

fn declared(tree: &Tree) -> Vec<Declared> {
    let mut calls = Vec::new();
    for file in tree.rust(&["shared/src/"]) {
        let lines: Vec<(usize, &str)> = file.code().collect();
        for (index, (number, line)) in lines.iter().enumerate() {
            // A declaration may be broken over a few lines; its words are still in this order.
            let near: String =
                lines.iter().skip(index).take(4).map(|(_, line)| line.trim()).collect();
            let name = if line.trim_start().starts_with("call!(") {
                near.split_once("call!(").and_then(|(_, rest)| rest.split([',', '<']).next())
            } else if line.contains("Call for ") && line.trim_start().starts_with("impl") {
                line.split_once("Call for ")
                    .and_then(|(_, rest)| rest.split([' ', '<', '{']).next())
            } else {
                None
            };
            let Some(name) = name.map(str::trim).filter(|name| !name.starts_with('$')) else {
                continue;
            };
            let route = near.split('"').nth(1).map(str::to_owned);
            let place = format!("{}:{number}", file.path);
            calls.push(Declared { name: name.to_owned(), route, place });
        }
    }
    calls
}

fn mounted(tree: &Tree) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in tree.rust(&["server/src/"]) {
        let code: String = file.code().map(|(_, line)| line.trim()).collect();
        for piece in code.split("on::<").skip(1) {
            if let Some(path) = piece.split([',', '<']).next() {
                let name = path.rsplit("::").next().unwrap_or(path);
                names.insert(name.trim().to_owned());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::places;
    use super::*;

    const WIRE: &str = "call!(ReadA, \"/a\", A);\ncall!(\n    ReadB,\n    \"/b\",\n    B\n);\nimpl Call for ReadC {\n    const ROUTE: &'static str = \"/c\";\n";

    #[test]
    fn a_call_that_is_never_mounted_is_found() {
        let router =
            "let r = on::<wire::ReadA, _, _>(r, a);\non::<\n    ReadC,\n    _,\n    _,\n>(r, c)\n";
        let tree = Tree::of(&[("shared/src/x/wire.rs", WIRE), ("server/src/x/mod.rs", router)]);
        assert_eq!(places(&every_call_is_routed(&tree)), ["shared/src/x/wire.rs:2"]);
    }

    #[test]
    fn a_path_with_two_calls_is_found() {
        let twice = format!("{WIRE}call!(ReadD, \"/c\", D);\n");
        let tree = Tree::of(&[("shared/src/x/wire.rs", &twice)]);
        assert_eq!(places(&no_route_stands_twice(&tree)), ["shared/src/x/wire.rs:9"]);
    }
}
