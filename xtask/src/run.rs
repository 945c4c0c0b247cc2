//! `cargo xtask run`: from a fresh checkout to a portal in the browser.

use crate::report::note;
use crate::sh::{self, Outcome};
use crate::{build, setup};
use std::io::{BufRead as _, BufReader, IsTerminal as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

const LISTEN: &str = "127.0.0.1:8080";
const DATA: &str = "./data";
/// The demonstration has a folder of its own: its firm is nobody's, and everybody knows its words.
const DEMO_DATA: &str = "./data-demo";
/// How the demonstration's people sign in, kept in its data folder.
const SIGN_IN: &str = "sign-in.txt";
/// What the server prints once it listens.
const READY: &str = "Underseal is at ";
const PATIENCE: Duration = Duration::from_secs(30);

struct Wish {
    demo: bool,
    dev: bool,
    flags: Vec<String>,
    listen: String,
    data: String,
}

/// `cargo xtask run [--demo] [--dev] [-- FLAGS]`.
pub(crate) fn run(words: &[String]) -> Outcome {
    let wish = parse(words)?;
    // Before the long build, and again before the start: whoever listens there is not ours.
    is_free(&wish.listen)?;
    setup::for_site()?;
    build::site(wish.dev)?;
    let server = build::server(wish.dev)?;
    if wish.demo {
        crate::report::step("build: the demonstration's seeder", || {
            let profile: &[&str] = if wish.dev { &[] } else { &["--release"] };
            sh::run(sh::cargo(&["build", "-p", "cli", "--bin", "underseal-demo"]).args(profile))
        })?;
    }
    is_free(&wish.listen)?;
    note(&format!("{} serve {}", sh::shown(&server), wish.flags.join(" ")));
    let mut command = sh::command(server);
    command.arg("serve").args(&wish.flags);
    if writes_for_people(&wish.flags) {
        command.args(["--log-format", "text"]);
    }
    let (mut child, said) = spawn(&mut command)?;
    let seeded = await_ready(&mut child, &said)
        .and_then(|address| if wish.demo { seed(&wish, &address) } else { Ok(()) });
    if let Err(trouble) = seeded {
        // The server may be gone already; then there is nothing to end.
        let _ = child.kill();
        let _ = child.wait();
        return Err(trouble);
    }
    println!("\nThe portal runs; Ctrl-C ends it.");
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
        data: String::new(),
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
    let data = if wish.demo { DEMO_DATA } else { DATA };
    let mut settle = |flag: &str, value: &str| {
        given(&wish.flags, flag).unwrap_or_else(|| {
            wish.flags.extend([flag.to_owned(), value.to_owned()]);
            value.to_owned()
        })
    };
    wish.listen = settle("--listen", LISTEN);
    wish.data = settle("--data", data);
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

/// Refuses an address where somebody listens already: it would be that server we talk to.
fn is_free(listen: &str) -> Outcome {
    TcpListener::bind(listen).map(drop).map_err(|error| {
        format!(
            "{listen} cannot be listened on: {error}. End what listens there, or give another \
             address: cargo xtask run -- --listen 127.0.0.1:9000"
        )
    })
}

/// The server hears from a pipe, not from the terminal that we show it on, so it would choose JSON.
fn writes_for_people(flags: &[String]) -> bool {
    let chosen = given(flags, "--log-format").is_some()
        || given(flags, "--config").is_some()
        || ["UNDERSEAL_LOG_FORMAT", "UNDERSEAL_CONFIG"]
            .iter()
            .any(|name| std::env::var_os(name).is_some());
    !chosen && std::io::stdout().is_terminal()
}

/// Starts the server; shows what it prints, and passes on the address that it says it is at.
fn spawn(command: &mut Command) -> Outcome<(Child, Receiver<String>)> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the server would not start: {error}"))?;
    let (tell, said) = channel();
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // Nobody may be there to read it, or to be told; the server goes on.
                let _ = writeln!(std::io::stdout(), "{line}");
                if let Some(address) = line.strip_prefix(READY) {
                    let _ = tell.send(address.to_owned());
                }
            }
        });
    }
    Ok((child, said))
}

/// Waits until our own server says that it listens, or has ended. That something answers at the
/// address is no sign: it may be another server.
fn await_ready(child: &mut Child, said: &Receiver<String>) -> Outcome<String> {
    let begun = Instant::now();
    loop {
        match said.recv_timeout(Duration::from_millis(100)) {
            Ok(address) => return Ok(address),
            Err(RecvTimeoutError::Disconnected) => {
                let status = child.wait().map_err(|error| error.to_string())?;
                return Err(format!("the server ended at once with {status}"));
            }
            Err(RecvTimeoutError::Timeout) if begun.elapsed() > PATIENCE => {
                let seconds = PATIENCE.as_secs();
                return Err(format!("the server did not listen within {seconds} seconds"));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// The address to connect to for an address to listen on, as a person types it: browsers treat
/// `localhost` as a secure place without a certificate. Port 0 was the system's to choose.
fn shown(listen: &str, said: &str) -> String {
    let host = |place: &str| place.rsplit_once(':').map(|(host, _)| host.to_owned());
    let port = |place: &str| place.rsplit_once(':').map(|(_, port)| port.to_owned());
    let chosen = port(listen).filter(|port| port != "0").or_else(|| port(said)).unwrap_or_default();
    let host = match host(listen).as_deref() {
        Some("127.0.0.1" | "0.0.0.0" | "[::1]" | "[::]") | None => "localhost".to_owned(),
        Some(other) => other.to_owned(),
    };
    format!("http://{host}:{chosen}")
}

fn seed(wish: &Wish, said: &str) -> Outcome {
    crate::report::step("demo: a believable firm, through the real client core", || {
        let seeder = build::binary("underseal-demo", wish.dev);
        let server = shown(&wish.listen, said);
        let sign_in = std::path::Path::new(&wish.data).join(SIGN_IN);
        let mut command = sh::command(seeder);
        command.args(["--server", &server, "--keep"]).arg(sign_in);
        if let Some(code) = given(&wish.flags, "--setup-code") {
            command.args(["--setup-code", &code]);
        }
        sh::run(&mut command)
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
    fn without_flags_it_is_port_8080_and_a_folder_that_the_demonstration_does_not_share() {
        let wish = parse(&[]).unwrap();
        assert_eq!(wish.flags, words("--listen 127.0.0.1:8080 --data ./data"));
        let demo = parse(&words("--demo")).unwrap();
        assert_eq!(demo.flags, words("--listen 127.0.0.1:8080 --data ./data-demo"));
        assert_eq!(demo.data, "./data-demo");
        assert_eq!(parse(&words("--demo -- --data=mine")).unwrap().data, "mine");
    }

    #[test]
    fn a_misspelt_flag_is_refused() {
        assert!(parse(&words("--demmo")).is_err());
    }

    #[test]
    fn an_address_where_somebody_listens_is_refused() {
        let stranger = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = stranger.local_addr().unwrap().to_string();
        let sentence = is_free(&listen).unwrap_err();
        assert!(sentence.contains(&listen) && sentence.contains("--listen"), "{sentence}");
        drop(stranger);
        assert_eq!(is_free(&listen), Ok(()));
    }

    fn started(script: &str) -> Outcome<String> {
        let (mut child, said) = spawn(Command::new("sh").args(["-c", script])).unwrap();
        let ready = await_ready(&mut child, &said);
        let _ = child.kill();
        child.wait().unwrap();
        ready
    }

    #[test]
    fn only_its_own_word_makes_a_server_ready() {
        let said = started("echo a line; echo 'Underseal is at http://localhost:9'; exec sleep 60");
        assert_eq!(said.as_deref(), Ok("http://localhost:9"));
        // One that ended is not ready, whoever else answers at its address.
        let gone = started("echo 'Not yet: Underseal is at http://localhost:9'; exit 4");
        assert!(gone.unwrap_err().contains("ended"));
    }

    #[test]
    fn the_seeder_goes_where_the_server_listens() {
        let said = "http://localhost:4711";
        assert_eq!(shown("127.0.0.1:8080", "https://portal.example"), "http://localhost:8080");
        assert_eq!(shown("0.0.0.0:0", said), "http://localhost:4711");
        assert_eq!(shown("192.0.2.1:80", said), "http://192.0.2.1:80");
    }
}
