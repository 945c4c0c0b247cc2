//! What others wrote: every crate of the lockfile comes from crates.io under a licence that
//! `deny.toml` allows, and none is one that it bans. `cargo deny` reads the same file and knows
//! advisories too, but takes longer to build than all of this project; this needs cargo alone.

use crate::sh::{self, Outcome};
use serde_json::Value;
use std::collections::BTreeSet;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks licences, sources and bans of everything that is built for our targets.
pub(crate) fn check() -> Outcome {
    let policy = Policy::read(&sh::text(&sh::at("deny.toml"))?)?;
    let mut words = vec!["metadata", "--format-version", "1", "--locked", "--all-features"];
    words.extend(policy.targets.iter().flat_map(|target| ["--filter-platform", target]));
    let metadata = sh::read(&mut sh::cargo(&words))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let troubles = troubles(&policy, &metadata);
    for trouble in &troubles {
        println!("    {trouble}");
    }
    match troubles.len() {
        0 => Ok(()),
        count => {
            Err(format!("{count} things about the crates that we use are not as deny.toml says"))
        }
    }
}

/// What `deny.toml` says.
struct Policy {
    targets: BTreeSet<String>,
    licences: BTreeSet<String>,
    banned: BTreeSet<String>,
}

impl Policy {
    fn read(text: &str) -> Outcome<Self> {
        let list = |section: &str, key: &str| {
            let inside = text.split_once(&format!("[{section}]"))?.1;
            let list = inside.split_once(&format!("\n{key} = ["))?.1.split_once(']')?.0;
            Some(list.to_owned())
        };
        let quoted = |list: String| -> BTreeSet<String> {
            list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
        };
        let missing = |what| move || format!("deny.toml has no list {what}");
        let banned = list("bans", "deny").ok_or_else(missing("bans.deny"))?;
        let banned = banned
            .lines()
            .filter_map(|line| line.split_once("crate = \"")?.1.split('"').next())
            .map(str::to_owned)
            .collect();
        Ok(Self {
            targets: quoted(list("graph", "targets").ok_or_else(missing("graph.targets"))?),
            licences: quoted(list("licenses", "allow").ok_or_else(missing("licenses.allow"))?),
            banned,
        })
    }

    fn allows(&self, expression: &str) -> bool {
        let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut at = 0;
        let allowed = self.either(&words, &mut at);
        allowed && at == words.len()
    }

    fn either(&self, words: &[&str], at: &mut usize) -> bool {
        let mut allowed = self.both(words, at);
        while words.get(*at) == Some(&"OR") {
            *at += 1;
            // Both sides are read, whatever the first one says.
            allowed |= self.both(words, at);
        }
        allowed
    }

    fn both(&self, words: &[&str], at: &mut usize) -> bool {
        let mut allowed = self.one(words, at);
        while words.get(*at) == Some(&"AND") {
            *at += 1;
            allowed &= self.one(words, at);
        }
        allowed
    }

    fn one(&self, words: &[&str], at: &mut usize) -> bool {
        let Some(word) = words.get(*at) else { return false };
        *at += 1;
        if *word == "(" {
            let allowed = self.either(words, at);
            let closed = words.get(*at) == Some(&")");
            *at += 1;
            return allowed && closed;
        }
        let mut name = (*word).to_owned();
        if words.get(*at) == Some(&"WITH") {
            name = format!("{name} WITH {}", words.get(*at + 1).unwrap_or(&""));
            *at += 2;
        }
        self.licences.contains(&name)
    }
}

fn troubles(policy: &Policy, metadata: &Value) -> Vec<String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let nodes = list(&metadata["resolve"]["nodes"]);
    let used: BTreeSet<String> = nodes.iter().map(|node| text(&node["id"])).collect();
    let ours: BTreeSet<String> = list(&metadata["workspace_members"]).iter().map(text).collect();
    if used.is_empty() || ours.is_empty() {
        return vec!["cargo metadata named no crates at all, so nothing is proven".to_owned()];
    }
    let mut troubles = Vec::new();
    for package in list(&metadata["packages"]) {
        let id = text(&package["id"]);
        if !used.contains(&id) {
            continue;
        }
        let name = format!("{} {}", text(&package["name"]), text(&package["version"]));
        if policy.banned.contains(&text(&package["name"])) {
            troubles.push(format!("{name} is banned in deny.toml"));
        }
        let licence = text(&package["license"]);
        if !policy.allows(&licence) {
            troubles.push(format!("{name} is under `{licence}`, which deny.toml does not allow"));
        }
        if ours.contains(&id) {
            let open = |one: &Value| one["req"] == "*" && one["path"].is_null();
            let open = list(&package["dependencies"]).into_iter().filter(open);
            troubles.extend(open.map(|one| format!("{name} takes any version of {}", one["name"])));
        } else if text(&package["source"]) != REGISTRY {
            troubles.push(format!("{name} does not come from crates.io"));
        }
    }
    troubles
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;
    use serde_json::json;

    const DENY: &str = "[graph]\ntargets = [\"wasm\"]\n[licenses]\nallow = [\n  \"MIT\",\n  \
                        \"Apache-2.0\",\n  \"Apache-2.0 WITH LLVM-exception\",\n]\n[bans]\n\
                        multiple-versions = \"allow\"\ndeny = [\n  { crate = \"native-tls\" },\n]\n";

    #[test]
    fn a_licence_is_read_as_spdx_means_it() {
        let policy = Policy::read(DENY).unwrap();
        for (expression, allowed) in [
            ("MIT", true),
            ("MIT OR GPL-3.0", true),
            ("GPL-3.0 OR MIT", true),
            ("MIT/Apache-2.0", true),
            ("MIT AND GPL-3.0", false),
            ("(MIT OR GPL-3.0) AND Apache-2.0", true),
            ("GPL-3.0 AND MIT OR Apache-2.0", true),
            ("GPL-3.0 AND (MIT OR Apache-2.0)", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("MIT WITH LLVM-exception", false),
            ("(MIT", false),
            ("MIT MIT", false),
            ("MIT OR", true),
            ("", false),
        ] {
            assert_eq!(policy.allows(expression), allowed, "{expression}");
        }
    }

    fn with(change: impl Fn(&mut Value)) -> Vec<String> {
        let mut package = json!({
            "id": "a", "name": "a", "version": "1.0.0", "license": "MIT", "source": REGISTRY,
            "dependencies": [],
        });
        change(&mut package);
        let metadata = json!({
            "workspace_members": ["us"],
            "resolve": { "nodes": [{ "id": "a" }, { "id": "us" }] },
            "packages": [package],
        });
        troubles(&Policy::read(DENY).unwrap(), &metadata)
    }

    #[test]
    fn what_is_not_as_deny_toml_says_is_named() {
        assert!(with(|_| ()).is_empty());
        assert!(with(|package| package["license"] = json!("GPL-3.0"))[0].contains("GPL-3.0"));
        assert!(with(|package| package["license"] = Value::Null)[0].contains("``"));
        assert!(with(|package| package["name"] = json!("native-tls"))[0].contains("banned"));
        let git = json!("git+https://example.com/a");
        assert!(with(|package| package["source"] = git.clone())[0].contains("crates.io"));
        assert!(with(|package| package["source"] = Value::Null)[0].contains("crates.io"));
        let open = json!([{ "name": "b", "req": "*" }]);
        let ours = |package: &mut Value| {
            package["id"] = json!("us");
            package["dependencies"] = open.clone();
        };
        assert!(with(ours)[0].contains("any version"));
        assert_eq!(troubles(&Policy::read(DENY).unwrap(), &json!({})).len(), 1);
        assert!(Policy::read("[licenses]").is_err());
    }
}
