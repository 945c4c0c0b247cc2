//! A real PostgreSQL for the server's tests: our own, on a free loopback port, gone afterwards.
//!
//! The server programs come from the system; the cluster is made by `initdb` in a temporary
//! folder, with durability off because nothing in it outlives the tests.

use crate::setup;
use crate::sh::{self, Outcome};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A running cluster; dropping it stops the server and removes its folder.
pub(crate) struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    /// What the tests connect to.
    pub(crate) url: String,
}

/// The folder with `initdb` and `pg_ctl`: the PATH's, or the newest one where Debian keeps them.
pub(crate) fn programs() -> Outcome<PathBuf> {
    if let Some(folder) = look() {
        return Ok(folder);
    }
    setup::apt(&["postgresql"], "PostgreSQL (the server programs)")?;
    look().ok_or_else(|| {
        "PostgreSQL's initdb is missing; please install the server programs.".to_owned()
    })
}

fn look() -> Option<PathBuf> {
    let debian = Path::new("/usr/lib/postgresql");
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(debian)
        .map(|entries| {
            entries
                .flatten()
                .filter_map(|entry| {
                    Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
                })
                .filter(|(_, folder)| folder.join("initdb").is_file())
                .collect()
        })
        .unwrap_or_default();
    versions.sort();
    let newest = versions.pop().map(|(_, folder)| folder);
    newest.or_else(|| sh::find(&["initdb"]).and_then(|path| path.parent().map(Path::to_path_buf)))
}

impl Cluster {
    /// Makes and starts a cluster.
    pub(crate) fn start() -> Outcome<Self> {
        let programs = programs()?;
        let folder =
            std::env::temp_dir().join(format!("underseal-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        if sh::is_root() {
            // initdb refuses to run as root, so the folder and the server belong to postgres.
            sh::run(sh::command("chown").arg("postgres").arg(&folder))?;
        }
        let port = free_port()?;
        let cluster = Self {
            url: format!("postgres://underseal@127.0.0.1:{port}/postgres"),
            folder,
            programs,
        };
        let data = cluster.data();
        let words = ["-U", "underseal", "-A", "trust", "-E", "UTF8", "--locale=C", "-N", "-D"];
        sh::read(cluster.program("initdb").args(words).arg(&data))?;
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' \
             -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
        );
        // Its log goes to a file: a server that kept our pipe open would keep us waiting for ever.
        let log = cluster.folder.join("log");
        sh::run(
            cluster
                .program("pg_ctl")
                .args(["start", "-w", "-s", "-o", &options, "-l"])
                .arg(log)
                .arg("-D")
                .arg(&data),
        )?;
        Ok(cluster)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if sh::is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        // postgres may not be able to enter the folder we were started in.
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.data();
        let mut stop = self.program("pg_ctl");
        let stopped = sh::run(stop.args(["stop", "-s", "-m", "immediate", "-D"]).arg(data));
        if let Err(trouble) = stopped {
            eprintln!("PostgreSQL of the tests would not stop: {trouble}");
        }
        // What cannot be removed lies in the temporary folder and harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A port nobody listens on at this moment.
pub(crate) fn free_port() -> Outcome<u16> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port on the loopback: {error}"))
}
