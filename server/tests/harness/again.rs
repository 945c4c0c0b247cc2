//! This test binary as a process of its own: for what one process cannot do to itself.

use std::path::Path;
use std::process::Command;

/// One test of this binary, alone, behind other programs if any. The shell's words may use `"$@"`
/// for the test, which finds in its environment that it is meant.
pub fn again(test: &str, shell: Option<(&str, &[&str])>) -> Command {
    let binary = std::env::current_exe().unwrap();
    let mut command = match shell {
        None => Command::new(binary),
        Some((script, before)) => {
            let mut words = before.iter().copied().chain(["sh", "-c", script, "sh"]);
            let mut command = Command::new(words.next().unwrap());
            command.args(words).arg(binary);
            command
        }
    };
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command
}

/// The same with a folder for all that it stores.
pub fn again_in(folder: &Path, test: &str, script: &str, before: &[&str]) -> Command {
    let mut command = again(test, Some((script, before)));
    // A disk is a folder's; a bucket's engine has its own tests.
    command.env("TMPDIR", folder).env_remove("UNDERSEAL_TEST_S3");
    command
}
