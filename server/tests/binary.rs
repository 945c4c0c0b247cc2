//! The binary from outside: exit codes, one sentence, one process a folder, a clean stop.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

fn underseal(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_underseal"));
    command.args(arguments).env_clear();
    command
}

fn run(arguments: &[&str]) -> Output {
    underseal(arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A server that listens, with what it printed so far.
struct Server {
    child: Child,
    port: u16,
    printed: Vec<String>,
    /// What it prints afterwards.
    later: Arc<Mutex<Vec<String>>>,
}

/// The port in the log line that names the address.
fn port_in(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("\"address\":\"")?;
    rest.split('"').next()?.rsplit(':').next()?.parse().ok()
}

/// Whether a server without a firm prints a set-up code at this address.
fn code_line(listen: &str) -> bool {
    !listen.starts_with("127.")
}

impl Server {
    fn start(data: &Path, listen: &str) -> Self {
        let folder = data.to_str().unwrap();
        let arguments = ["serve", "--listen", listen, "--data", folder, "--site", "/nowhere"];
        let mut child = underseal(&arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut printed: Vec<String> = Vec::new();
        while !printed.iter().any(|line| line.starts_with("Underseal is at")) {
            printed.push(lines.next().unwrap().unwrap());
        }
        printed.extend(code_line(listen).then(|| lines.next().unwrap().unwrap()));
        // Whatever else is printed must not fill the pipe.
        let later = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&later);
        std::thread::spawn(move || {
            lines.map_while(Result::ok).for_each(|line| heard.lock().unwrap().push(line));
        });
        let port = printed.iter().find_map(|line| port_in(line)).unwrap();
        Self { child, port, printed, later }
    }

    fn ask(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    /// The log line of the request that is written with this, once it came.
    fn logged(&self, needle: &str) -> String {
        let begun = Instant::now();
        loop {
            let found = self.later.lock().unwrap().iter().find(|l| l.contains(needle)).cloned();
            if let Some(line) = found {
                return line;
            }
            assert!(begun.elapsed() < Duration::from_secs(10), "no line with {needle}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn stop(mut self) -> i32 {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        self.child.wait().unwrap().code().unwrap()
    }
}

#[test]
fn wrong_use_is_2_and_wrong_configuration_is_3() {
    assert_eq!(code(&run(&["frobnicate"])), 2);
    assert_eq!(code(&run(&["serve", "--no-such-flag"])), 2);
    for wrong in [
        ["check", "--listen", "here"],
        ["serve", "--database-url", "mysql://x"],
        ["check", "--public-url", "http://portal.example"],
        ["check", "--config", "/no/such/file.toml"],
        ["check", "--log-filter", "info,=,="],
    ] {
        let output = run(&wrong);
        assert_eq!(code(&output), 3, "{wrong:?}");
        let sentence = String::from_utf8(output.stderr).unwrap();
        assert_eq!(sentence.trim_end().lines().count(), 1, "{sentence}");
    }
}

#[test]
fn what_is_not_there_is_4() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let busy = run(&["serve", "--data", folder, "--listen", &listen]);
    assert_eq!(code(&busy), 4);
    // The sentence names the place and what would set another.
    let sentence = String::from_utf8(busy.stderr).unwrap();
    for part in [listen.as_str(), "--listen", "UNDERSEAL_LISTEN"] {
        assert!(sentence.contains(part), "{sentence}");
    }
    // Below a file there is no folder, whoever asks.
    let file = data.path().join("file");
    std::fs::write(&file, "").unwrap();
    let below = file.join("data");
    let below = below.to_str().unwrap();
    for command in ["check", "serve", "migrate"] {
        let refused = run(&[command, "--data", below, "--listen", "127.0.0.1:0"]);
        assert_eq!(code(&refused), 4, "{command}");
        let sentence = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(sentence.trim_end().lines().count(), 1, "{sentence}");
        assert!(sentence.contains(below) && sentence.contains("UNDERSEAL_DATA "), "{sentence}");
    }
    let nobody = format!("postgres://nobody@127.0.0.1:{}/none", free_port());
    assert_eq!(code(&run(&["migrate", "--data", folder, "--database-url", &nobody])), 4);
}

#[test]
fn check_prints_every_value_with_its_source_and_no_secret() {
    let output = underseal(&["check", "--listen", "127.0.0.1:9999"])
        .env("UNDERSEAL_DATABASE_URL", "postgres://u:hunter2@db/x")
        .output()
        .unwrap();
    assert_eq!(code(&output), 0);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("127.0.0.1:9999  [flag]"), "{text}");
    assert!(text.contains("[environment UNDERSEAL_DATABASE_URL]"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn check_shows_what_follows_from_other_values_and_refuses_what_is_no_setting() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let output = run(&["check", "--listen", "127.0.0.1:9999", "--data", folder]);
    assert_eq!(code(&output), 0);
    let text = String::from_utf8(output.stdout).unwrap();
    for line in ["http://localhost:9999  [default]", &format!("{folder}/blobs  [default]")] {
        assert!(text.contains(line), "{text}");
    }
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0, "check leaves a trace");
    let output = underseal(&["check"]).env("UNDERSEAL_LISTENN", "127.0.0.1:1").output().unwrap();
    assert_eq!(code(&output), 3);
    assert!(String::from_utf8(output.stderr).unwrap().contains("UNDERSEAL_LISTENN"));
}

#[test]
fn help_names_the_variable_of_every_flag() {
    let text = String::from_utf8(run(&["serve", "--help"]).stdout).unwrap();
    for name in
        ["UNDERSEAL_LISTEN]", "UNDERSEAL_LIMITS_DRAIN_SECONDS]", "UNDERSEAL_SETUP_CODE_FILE"]
    {
        assert!(text.contains(name), "{name} in\n{text}");
    }
}

/// Every file and folder from here on, with its rights.
#[cfg(unix)]
fn rights(path: &Path, found: &mut Vec<(std::path::PathBuf, u32)>) {
    use std::os::unix::fs::PermissionsExt as _;
    let what = std::fs::metadata(path).unwrap();
    found.push((path.to_owned(), what.permissions().mode() & 0o777));
    if what.is_dir() {
        std::fs::read_dir(path).unwrap().for_each(|one| rights(&one.unwrap().path(), found));
    }
}

#[cfg(unix)]
#[test]
fn what_the_server_keeps_is_for_its_own_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("new/data");
    let warned = |server: &Server| server.printed.iter().any(|line| line.contains("other users"));
    let server = Server::start(&data, "127.0.0.1:0");
    assert!(!warned(&server));
    assert!(server.ask("/readyz").ends_with("ready\n"));
    let mut found = Vec::new();
    rights(&place.path().join("new"), &mut found);
    // The folders, the database with its journals, the lock, and where the probe's object was.
    assert!(found.len() >= 7, "{found:?}");
    for (path, rights) in found {
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(rights, wanted, "{}", path.display());
    }
    server.stop();
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    let server = Server::start(&data, "127.0.0.1:0");
    assert!(warned(&server), "{:?}", server.printed);
    server.stop();
}

#[test]
fn a_line_of_the_log_has_the_route_and_no_link() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), "127.0.0.1:0");
    let token = "00112233445566778899aabbccddeeff";
    for (path, route) in [
        (format!("/i/{token}/9"), "/i/{*}"),
        (format!("/api/v1/objects/{token}/content"), "/api/v1/objects/{object}/content"),
        (format!("/{token}"), "\"/{*}\""),
        (format!("/api/{token}"), "/api/{*}"),
    ] {
        server.ask(&path);
        assert!(server.logged(route).contains("\"status\":40"), "{path}");
    }
    server.ask("/livez");
    assert!(server.logged("/livez").contains("\"sent_bytes\":6"));
    let all = server.later.lock().unwrap().join("\n");
    assert!(!all.contains("0011223344"), "{all}");
    server.stop();
}

#[test]
fn version_is_one_line() {
    let output = run(&["version"]);
    assert_eq!(output.stdout, format!("underseal {}\n", env!("CARGO_PKG_VERSION")).into_bytes());
}

#[test]
fn migrate_runs_once() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let first = String::from_utf8(run(&["migrate", "--data", folder]).stdout).unwrap();
    let second = String::from_utf8(run(&["migrate", "--data", folder]).stdout).unwrap();
    assert!(!first.contains(" 0 ") && !first.starts_with('0'), "{first}");
    assert!(second.lines().last().unwrap().starts_with("0 "), "{second}");
}

#[test]
fn tables_that_say_something_else_are_named_and_made_again() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let rebuild = || run(&["check", "--rebuild", "--data", folder]);
    // Before there is a schema there is nothing to make again.
    assert_eq!(code(&rebuild()), 4);
    run(&["migrate", "--data", folder]);
    let same = rebuild();
    assert_eq!(code(&same), 0);
    let said = String::from_utf8(same.stdout).unwrap();
    assert_eq!(said, "The tables say what the journal says: 0 statements.\n");
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let db = server::db::Db::sqlite(data.path()).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let sql = "INSERT INTO matter (id, creator, created) VALUES ($1, $1, 1)";
        tx.execute(sql, &[server::db::Value::from([0xab; 16])]).await.unwrap();
        tx.without_statement("somebody with the database's password").await.unwrap();
        db.close().await;
    });
    let other = rebuild();
    assert_eq!(code(&other), 1);
    let said = String::from_utf8(other.stdout).unwrap();
    assert_eq!(
        said,
        format!(
            "Table `matter` had 1 row that the journal does not give: id {}.\n",
            "ab".repeat(16)
        )
    );
    assert!(String::from_utf8(other.stderr).unwrap().starts_with("The tables did not say"));
    assert_eq!(code(&rebuild()), 0);
    // While a server runs in the folder, nothing is touched.
    let server = Server::start(data.path(), "127.0.0.1:0");
    assert_eq!(code(&rebuild()), 4);
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_server_serves_refuses_a_second_process_and_stops_cleanly() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path(), "127.0.0.1:0");
    assert!(server.ask("/readyz").ends_with("ready\n"));
    let second =
        run(&["serve", "--data", data.path().to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert_eq!(code(&second), 4);
    assert!(String::from_utf8(second.stderr).unwrap().contains("already uses"));
    assert_eq!(server.stop(), 0);
    let again = Server::start(data.path(), "127.0.0.1:0");
    assert!(again.ask("/readyz").ends_with("ready\n"));
    assert_eq!(again.stop(), 0);
}

#[test]
fn the_set_up_code_is_printed_only_where_it_is_asked_for() {
    let data = tempfile::tempdir().unwrap();
    let local = Server::start(data.path(), "127.0.0.1:0");
    assert!(!local.printed.iter().any(|line| line.contains("Set-up code")));
    // The address that is printed is one that can be opened.
    let address = format!("Underseal is at http://localhost:{}", local.port);
    assert!(local.printed.contains(&address));
    let local_printed = local.printed.clone();
    local.stop();
    // On any other address whoever comes first must know what was printed.
    let open = Server::start(data.path(), "0.0.0.0:0");
    let code = open.printed.last().unwrap().strip_prefix("Set-up code for the founder: ").unwrap();
    assert_eq!(code.len(), 19);
    let warned = |server: &[String]| server.iter().any(|line| line.contains("without public-url"));
    assert!(warned(&open.printed) && !warned(&local_printed));
    open.stop();
}
