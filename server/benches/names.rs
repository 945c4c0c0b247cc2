//! Whether a name that somebody has is answered in the same time as one that nobody has, by passphrase and by
//! words, over the real router in one process: `cargo xtask bench names`. The figures go to the file that
//! `UNDERSEAL_BENCH_OUT` names.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed measurement")]

#[path = "../tests/harness/mod.rs"]
mod harness;

use std::io::Write as _;
use std::time::Instant;

use harness::TestApp;
use harness::acts::Firm;
use serde_json::{Value, json};
use shared::crypto::opaque;
use shared::encoding::B64;
use shared::identity::wire::{FinishSignIn, SignInByRecovery, StartSignIn};
use shared::time::HOUR;

/// Tries of each name, by each way.
const TRIES: usize = 1500;
/// The server takes ten in an hour.
const IN_AN_HOUR: usize = 8;
/// Somebody has the first, nobody the second.
const NAMES: [&str; 2] = ["clara", "petra"];
/// The three calls of a try.
const CALLS: [&str; 3] = ["start", "finish", "words"];

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let result = runtime.block_on(measure());
    let text = serde_json::to_string_pretty(&result).unwrap();
    match std::env::var_os("UNDERSEAL_BENCH_OUT") {
        Some(out) => std::fs::write(out, text).unwrap(),
        None => std::io::stdout().write_all(text.as_bytes()).unwrap(),
    }
}

async fn measure() -> Value {
    let firm = Firm::founded().await;
    let mut took: [[Vec<f64>; 2]; 3] = Default::default();
    for at in 0..TRIES {
        if at % IN_AN_HOUR == 0 {
            firm.server.pass(HOUR);
        }
        // Neither is always the one that follows a pause.
        for name in [at % 2, 1 - at % 2] {
            let tried = one(&firm.server, NAMES[name]).await;
            for (call, micros) in took.iter_mut().zip(tried) {
                call[name].push(micros);
            }
        }
    }
    let (mut figures, mut goals) = (Vec::new(), Vec::new());
    for (call, [known, unknown]) in CALLS.iter().zip(took) {
        let (known, unknown) = (median(known), median(unknown));
        let apart = (known / unknown).max(unknown / known);
        for (whose, value) in [("known", known), ("unknown", unknown)] {
            let id = format!("names.{call}_{whose}_us");
            figures.push(json!({ "id": id, "value": round(value), "unit": "us, median" }));
        }
        let id = format!("names.{call}_ratio");
        goals.push(json!({ "id": id, "value": round(apart), "goal": 1.05, "better": "lower" }));
    }
    json!({ "name": "names", "figures": figures, "goals": goals })
}

/// A try by a wrong passphrase and one by wrong words: microseconds of each call.
async fn one(server: &TestApp, name: &str) -> [f64; 3] {
    let (_, message) = opaque::login_start(b"a wrong passphrase").unwrap();
    let start = StartSignIn { handle: name.to_owned(), message: B64(message), known: None };
    let begun = Instant::now();
    let started = server.ask(None, &start).await.unwrap();
    let start = begun.elapsed();
    let finish = FinishSignIn { attempt: started.attempt, message: B64(vec![0; 64]), known: None };
    let begun = Instant::now();
    server.ask(None, &finish).await.unwrap_err();
    let finish = begun.elapsed();
    let words = SignInByRecovery { handle: name.to_owned(), token: B64(vec![0; 32]), known: None };
    let begun = Instant::now();
    server.ask(None, &words).await.unwrap_err();
    [start, finish, begun.elapsed()].map(|took| took.as_secs_f64() * 1e6)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
