//! The server's own secrets: the key that signs receipts and checkpoints, and what OPAQUE needs.
//! They are made at the first start and live in the database, so that every replica has the same.
//! None of them opens anything that people write.

use shared::crypto::keys::{Kid, SigningKey};
use shared::crypto::opaque::ServerSetup;
use shared::crypto::rng;
use shared::secret::Secret;

use crate::db::Db;
use crate::db::own::kept;
use crate::db::pool::DbError;

/// See the module.
pub struct ServerSecrets {
    /// Signs receipts and checkpoints.
    pub log: SigningKey,
    /// The signer kid of receipts.
    pub log_kid: Kid,
    /// OPAQUE's long-term secrets.
    pub opaque: ServerSetup,
    /// Makes the stand-in accounts of names that do not exist.
    pub stand_in: Secret<[u8; 32]>,
    /// Marks what devices show that signed in before.
    pub known: Secret<[u8; 32]>,
    /// Makes the secrets that authenticator apps share with the server.
    pub codes: Secret<[u8; 32]>,
}

impl ServerSecrets {
    /// Reads them, or makes them the first time.
    ///
    /// # Errors
    /// When the database refuses, or holds something else.
    pub async fn load(db: &Db) -> Result<Self, DbError> {
        let log = kept(db, "log-key", || rng::random::<32>().to_vec()).await?;
        let opaque = kept(db, "opaque-setup", || {
            // EXPOSE: goes straight into the server's own store.
            ServerSetup::generate().to_bytes().expose().clone()
        })
        .await?;
        let stand_in = kept(db, "stand-in", || rng::random::<32>().to_vec()).await?;
        let known = kept(db, "known-device", || rng::random::<32>().to_vec()).await?;
        let codes = kept(db, "authenticator-codes", || rng::random::<32>().to_vec()).await?;
        let log = SigningKey::from_seed(log.try_into().map_err(|_| DbError::Shape)?);
        Ok(Self {
            log_kid: Kid::of_key(&log.public()),
            log,
            opaque: ServerSetup::from_bytes(&opaque).map_err(|_| DbError::Shape)?,
            stand_in: Secret::new(stand_in.try_into().map_err(|_| DbError::Shape)?),
            known: Secret::new(known.try_into().map_err(|_| DbError::Shape)?),
            codes: Secret::new(codes.try_into().map_err(|_| DbError::Shape)?),
        })
    }
}
