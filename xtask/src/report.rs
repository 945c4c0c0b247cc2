//! What a command tells its user: one line when a step starts, one when it ends, one table at the
//! end.

use crate::sh::Outcome;
use std::time::{Duration, Instant};

/// Runs one step aloud.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("==> {what}");
    let begun = Instant::now();
    let result = work();
    let seconds = seconds(begun.elapsed());
    match &result {
        Ok(_) => println!("    done in {seconds}"),
        Err(trouble) => println!("    FAILED after {seconds}: {trouble}"),
    }
    result
}

/// Says that a step was not needed.
pub(crate) fn there(what: &str) {
    println!("    there: {what}");
}

/// Says something in passing.
pub(crate) fn note(what: &str) {
    println!("    {what}");
}

/// The steps of one run, in order.
#[derive(Default)]
pub(crate) struct Summary {
    rows: Vec<Row>,
}

struct Row {
    name: String,
    trouble: Option<String>,
    took: Duration,
}

impl Summary {
    /// Runs a step aloud and keeps its result; a failure does not stop the steps after it.
    pub(crate) fn step(&mut self, name: &str, what: &str, work: impl FnOnce() -> Outcome) -> bool {
        let begun = Instant::now();
        let trouble = step(&format!("{name}: {what}"), work).err();
        let passed = trouble.is_none();
        self.rows.push(Row { name: name.to_owned(), trouble, took: begun.elapsed() });
        passed
    }

    /// Prints the table and, alone on the last line, the count.
    pub(crate) fn close(self) -> Outcome {
        let width = self.rows.iter().map(|row| row.name.len()).max();
        let width = width.unwrap_or(0).max(4);
        println!("\n{:width$}  result  seconds", "step");
        for row in &self.rows {
            let result = if row.trouble.is_none() { "passed" } else { "FAILED" };
            println!("{:width$}  {result}  {:>7.1}", row.name, row.took.as_secs_f64());
        }
        for row in &self.rows {
            if let Some(trouble) = &row.trouble {
                println!("{}: {trouble}", row.name);
            }
        }
        let failed = self.rows.iter().filter(|row| row.trouble.is_some()).count();
        let passed = self.rows.len() - failed;
        println!("\n{passed} passed, {failed} failed");
        if failed == 0 { Ok(()) } else { Err("not everything passed".to_owned()) }
    }
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}
