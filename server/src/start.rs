//! From a configuration to a running server.

use core::fmt::Display;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::blob::{self, BlobError, Blobs};
use crate::config::{BlobConfig, Config, DatabaseConfig, PublicUrl, ways};
use crate::db::pool::DbError;
use crate::db::{Db, migrate};
use crate::folder;
use crate::http::headers::SecurityHeaders;
use crate::http::limits::Limits;
use crate::http::serve::{self, ServeOptions};
use crate::http::static_files::Site;
use crate::http::well_known::{self, Waict};
use crate::identity::Passkeys;
use crate::journal::rebuild::{self, Rebuilt, Unreadable};
use crate::matters::clients::mail::relay::Relay;
use crate::secrets::ServerSecrets;
use crate::state::{App, AppState, SharedClock, SystemClock};

/// Why the server could not start: something it needs is not there.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unavailable(pub String);

fn unavailable(what: &'static str) -> impl Fn(&dyn core::fmt::Display) -> Unavailable {
    move |error| Unavailable(format!("{what}: {error}."))
}

/// The sentence about a place that a setting names, and what would name another.
fn no_place(what: &str, place: impl Display, key: &str, error: impl Display) -> Unavailable {
    Unavailable(format!("{what} {place} cannot be used: {error}. {} sets another.", ways(key)))
}

fn no_data(config: &Config, error: impl Display) -> Unavailable {
    no_place("The data folder", config.data.display(), "data", error)
}

fn no_parts(folder: &Path, error: impl Display) -> Unavailable {
    no_place("The folder for sealed parts", folder.display(), "blobs.place", error)
}

/// Opens the database as configured.
///
/// # Errors
/// One sentence.
pub async fn open_db(config: &Config) -> Result<Db, Unavailable> {
    match &config.database {
        DatabaseConfig::Sqlite => {
            Db::sqlite(&config.data).await.map_err(|error| no_data(config, error))
        }
        DatabaseConfig::Postgres(url) => Db::postgres(url).await.map_err(|error| {
            let ways = ways("database.url");
            Unavailable(format!("The database cannot be opened: {error}. {ways} says where it is."))
        }),
    }
}

fn open_blobs(config: &Config) -> Result<Blobs, Unavailable> {
    match &config.blobs {
        BlobConfig::Folder(folder) => {
            blob::fs::open(folder).map_err(|error| no_parts(folder, error))
        }
        BlobConfig::S3(settings) => blob::s3::open(settings)
            .map_err(|error| unavailable("The store for sealed parts cannot be opened")(&error)),
    }
}

/// What is the matter with a bucket, in one sentence.
enum Bucket {
    Wrong(Unavailable),
    Silent(Unavailable),
}

async fn check_bucket(config: &Config, blobs: &Blobs) -> Result<(), Bucket> {
    let BlobConfig::S3(settings) = &config.blobs else { return Ok(()) };
    blobs.probe().await.map_err(|error| {
        // What an engine answers may have lines of its own.
        let reason = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        let bucket = &settings.bucket;
        let sentence = Unavailable(format!("The bucket `{bucket}` cannot be used: {reason}."));
        match error {
            BlobError::Busy => Bucket::Silent(sentence),
            _ => Bucket::Wrong(sentence),
        }
    })
}

/// Whether the folders can be written to, and the bucket, where there is one, written, read and
/// cleared. A server may be running in them: nothing is opened that it holds.
///
/// # Errors
/// One sentence.
pub async fn check(config: &Config) -> Result<(), Unavailable> {
    if matches!(config.database, DatabaseConfig::Sqlite) {
        folder::try_out(&config.data).map_err(|error| no_data(config, error))?;
    }
    if let BlobConfig::Folder(parts) = &config.blobs {
        return folder::try_out(parts).map_err(|error| no_parts(parts, error));
    }
    check_bucket(config, &open_blobs(config)?).await.map_err(|bucket| match bucket {
        Bucket::Wrong(sentence) | Bucket::Silent(sentence) => sentence,
    })
}

/// Why the tables were not rebuilt.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// Something is not there.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The journal does not hold.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

/// Makes the tables that say what the journal says again of it. No server may run on the same folder.
///
/// # Errors
/// One sentence.
pub async fn rebuild(config: &Config) -> Result<Rebuilt, RebuildError> {
    let db = open_db(config).await?;
    migrate::check(&db)
        .await
        .map_err(|error| unavailable("The tables cannot be made again")(&error))?;
    let secrets = load_secrets(&db).await?;
    let rebuilt = rebuild::rebuild(&db, &secrets).await?;
    db.close().await;
    Ok(rebuilt)
}

async fn load_secrets(db: &Db) -> Result<ServerSecrets, Unavailable> {
    ServerSecrets::load(db)
        .await
        .map_err(|error| unavailable("The server's keys cannot be read")(&error))
}

/// Everything a router needs, over a database that is open and up to date.
///
/// # Errors
/// One sentence.
pub async fn assemble(
    config: Config,
    db: Db,
    blobs: Blobs,
    clock: SharedClock,
) -> Result<AppState, Unavailable> {
    let secrets = load_secrets(&db).await?;
    let setup_code = match &config.setup_code {
        Some(code) => Some(code.clone()),
        None => config.makes_up_code().then(made_up_code),
    };
    let site = Site::of_build(config.site.clone());
    let waict = Waict::of(&site).await;
    let host = config.public_url.host();
    let relay = config.smtp.as_ref().map(|smtp| Relay::open(smtp, host)).transpose();
    let relay = relay.map_err(|error| unavailable("The mail server cannot be used")(&error))?;
    let webcat = well_known::has_webcat(&config).await;
    Ok(AppState::new(App {
        headers: SecurityHeaders::new(config.public_url.is_https(), waict.as_ref(), webcat),
        site,
        waict,
        relay,
        limits: Limits::default(),
        passkeys: Passkeys::at(&config.public_url),
        config,
        db,
        blobs,
        clock,
        secrets,
        setup_code,
    }))
}

// 80 bits in four groups, in letters that are not mistaken for each other.
fn made_up_code() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let letters: Vec<char> = shared::crypto::rng::random::<16>()
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)).map(|letter| char::from(*letter)))
        .collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Serves until it is told to stop.
///
/// # Errors
/// One sentence about what is not there.
pub async fn serve(config: Config) -> Result<(), Unavailable> {
    let db = open_db(&config).await?;
    migrate::run(&db)
        .await
        .map_err(|error| unavailable("The database cannot be brought up to date")(&error))?;
    let blobs = open_blobs(&config)?;
    if let Err(unavailable) = check_bucket(&config, &blobs).await {
        // A bucket that answers wrongly is a mistake to mend now. One that does not answer may be
        // restarting, as this server is: `/readyz` says so until it does.
        match unavailable {
            Bucket::Wrong(sentence) => return Err(sentence),
            Bucket::Silent(sentence) => tracing::warn!("{sentence}"),
        }
    }
    warn(&config);
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| no_place("The address", config.listen, "listen", error))?;
    let config = at_port(config, listener.local_addr().map(|address| address.port()).unwrap_or(0));
    // Before anything says that the server is there: whoever reads it may stop it at once.
    let stop = serve::stop_signal()
        .map_err(|error| unavailable("Signals cannot be listened for")(&error))?;
    let app = assemble(config, db, blobs, Arc::new(SystemClock)).await?;
    greet(&app, &listener).await.map_err(|error| unavailable("Nothing can be printed")(&error))?;
    let jobs = tokio::spawn(crate::jobs::run(app.clone()));
    let options = ServeOptions {
        max_connections: app.config.max_connections,
        drain: app.config.drain,
        header_deadline: serve::HEADER_DEADLINE,
    };
    let served = serve::run(listener, crate::build(app.clone()), options, stop).await;
    jobs.abort();
    app.db.close().await;
    served.map_err(|error| unavailable("The listener failed")(&error))
}

/// What works, and is hardly meant.
fn warn(config: &Config) {
    let data = folder::is_open_to_others(&config.data);
    let parts = match &config.blobs {
        BlobConfig::Folder(parts) if data || !parts.starts_with(&config.data) => Some(parts),
        _ => None,
    };
    for open in data.then_some(&config.data).into_iter().chain(parts) {
        if folder::is_open_to_others(open) {
            tracing::warn!(
                folder = %open.display(),
                "other users of this machine have rights in the folder; `chmod -R go= FOLDER` ends that"
            );
        }
    }
    if !config.listen.ip().is_loopback() && !config.public_url_set {
        tracing::warn!(
            "listening beyond this machine without public-url: browsers elsewhere need https, and the \
             address that they use must be set ({})",
            ways("public-url")
        );
    }
}

// Port 0 asks the system for a free one, which the browsers' address must then name.
fn at_port(mut config: Config, port: u16) -> Config {
    if config.public_url.origin() == "http://localhost:0"
        && let Some(url) = PublicUrl::parse(&format!("http://localhost:{port}"))
    {
        config.public_url = url;
    }
    config
}

/// Whether a firm lives here.
///
/// # Errors
/// When the database refuses.
pub async fn is_founded(db: &Db) -> Result<bool, DbError> {
    let mut read = db.read().await?;
    Ok(crate::journal::store::directory::firm(&mut read).await?.is_some())
}

async fn greet(app: &AppState, listener: &TcpListener) -> io::Result<()> {
    let address = listener.local_addr()?;
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "listening");
    let founded = is_founded(&app.db).await.unwrap_or(true);
    let mut out = io::stdout().lock();
    writeln!(out, "Underseal is at {}", app.config.public_url.origin())?;
    if let Some(code) = app.setup_code.as_ref().filter(|_| !founded) {
        writeln!(out, "Set-up code for the founder: {code}")?;
    }
    out.flush()
}
