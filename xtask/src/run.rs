//! `cargo xtask run`: from a fresh checkout to a portal in the browser.

use crate::report::note;
use crate::sh::{self, Outcome};
use crate::{build, setup};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const LISTEN: &str = "127.0.0.1:8080";

struct Wish {
    demo: bool,
    dev: bool,
    flags: Vec<String>,
    listen: String,
}

/// `cargo xtask run [--demo] [--dev] [-- FLAGS]`.
pub(crate) fn run(words: &[String]) -> Outcome {
    let wish = parse(words)?;
    setup::for_site()?;
    build::site(wish.dev)?;
    let server = build::server(wish.dev)?;
    if wish.demo {
        crate::report::step("build: the demonstration's seeder", || {
            let profile: &[&str] = if wish.dev { &[] } else { &["--release"] };
            sh::run(sh::cargo(&["build", "-p", "cli", "--bin", "underseal-demo"]).args(profile))
        })?;
    }
    note(&format!("{} serve {}", sh::shown(&server), wish.flags.join(" ")));
    let mut child = sh::command(server)
        .arg("serve")
        .args(&wish.flags)
        .spawn()
        .map_err(|error| format!("the server would not start: {error}"))?;
    let seeded = await_ready(&mut child, &wish.listen)
        .and_then(|()| if wish.demo { seed(&wish) } else { Ok(()) });
    if let Err(trouble) = seeded {
        // The server may be gone already; then there is nothing to end.
        let _ = child.kill();
        let _ = child.wait();
        return Err(trouble);
    }
    println!("\nUnderseal is at http://{}  (Ctrl-C ends it)", shown(&wish.listen));
    // Ctrl-C reaches the server and us alike: the server drains and ends, and so do we.
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("the server ended with {status}")) }
}

fn parse(words: &[String]) -> Outcome<Wish> {
    let (ours, theirs) = match words.iter().position(|word| word == "--") {
        Some(place) => (words.get(..place), words.get(place + 1..)),
        None => (Some(words), None),
    };
    let mut wish = Wish {
        demo: false,
        dev: false,
        flags: theirs.unwrap_or_default().to_vec(),
        listen: String::new(),
    };
    for word in ours.unwrap_or_default() {
        match word.as_str() {
            "--demo" => wish.demo = true,
            "--dev" => wish.dev = true,
            other => {
                return Err(format!(
                    "run does not know `{other}`; flags of the server go after --"
                ));
            }
        }
    }
    for (flag, value) in [("--listen", LISTEN), ("--data", "./data")] {
        if given(&wish.flags, flag).is_none() {
            wish.flags.extend([flag.to_owned(), value.to_owned()]);
        }
    }
    wish.listen = given(&wish.flags, "--listen").unwrap_or_else(|| LISTEN.to_owned());
    Ok(wish)
}

fn given(flags: &[String], name: &str) -> Option<String> {
    flags.iter().enumerate().find_map(|(place, flag)| {
        if flag == name {
            flags.get(place + 1).cloned()
        } else {
            flag.strip_prefix(name)?.strip_prefix('=').map(str::to_owned)
        }
    })
}

/// Waits until the server answers its first request, or has ended.
fn await_ready(child: &mut Child, listen: &str) -> Outcome {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Err(format!("the server ended at once with {status}"));
        }
        if answers(listen) {
            return Ok(());
        }
        if begun.elapsed() > Duration::from_secs(30) {
            return Err(format!("the server did not answer on {listen} within 30 seconds"));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn answers(listen: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(reachable(listen)) else {
        return false;
    };
    let asked = write!(stream, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let mut line = String::new();
    asked.is_ok()
        && stream.set_read_timeout(Some(Duration::from_secs(5))).is_ok()
        && BufReader::new(stream.take(256)).read_line(&mut line).is_ok()
        && line.starts_with("HTTP/1.1 ")
}

/// The address to connect to for an address to listen on.
fn reachable(listen: &str) -> String {
    listen.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]")
}

/// The address a person types: browsers treat `localhost` as a secure place without a certificate.
fn shown(listen: &str) -> String {
    reachable(listen).replace("127.0.0.1", "localhost").replace("[::1]", "localhost")
}

fn seed(wish: &Wish) -> Outcome {
    crate::report::step("demo: a believable firm, through the real client core", || {
        let seeder = build::binary("underseal-demo", wish.dev);
        let server = format!("http://{}", shown(&wish.listen));
        sh::run(Command::new(seeder).current_dir(sh::root()).args(["--server", &server]))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at once")]
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn what_the_user_gives_wins_over_our_defaults() {
        let wish = parse(&words("--demo -- --listen=127.0.0.1:9000 --data DIR")).unwrap();
        assert_eq!(wish.flags, words("--listen=127.0.0.1:9000 --data DIR"));
        assert_eq!(wish.listen, "127.0.0.1:9000");
        assert!(wish.demo);
    }

    #[test]
    fn without_flags_it_is_port_8080_and_the_data_folder() {
        let wish = parse(&[]).unwrap();
        assert_eq!(wish.flags, words("--listen 127.0.0.1:8080 --data ./data"));
    }

    #[test]
    fn a_misspelt_flag_is_refused() {
        assert!(parse(&words("--demmo")).is_err());
    }
}
