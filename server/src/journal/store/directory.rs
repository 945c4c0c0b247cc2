//! The firm's directory as rows: the firm, everybody who may sign, offers of enrolment, forms.
//! Projections of the streams `keyring` and `forms`; SQL and nothing else.

use shared::crypto::keys::{Caps, Kid, PublicBundle, Role, VerifyKey};
use shared::crypto::signed::Signed;
use shared::ids::{AccountId, EnrolmentId, FormId, InviteId, MatterId};
use shared::journal::ceremony::Standing;
use shared::journal::posts::{Placing, Post};
use shared::journal::statement::{
    ClientJoined, EndKind, Ended, EnrolmentOffered, FormPublished, Restored, RootAct,
};
use shared::time::Timestamp;

use super::posts;
use crate::db::pool::DbError;
use crate::db::{Conn, Tx, args};
use crate::journal::permit::Permit;
use crate::journal::policy::{Firm, Member, Offer};
use crate::journal::posts::Person;
use crate::journal::signer::{Part, Signer};

const STAFF: i64 = 1;
const CLIENT: i64 = 2;
const LEFT: i64 = 1;
const SUSPENDED: i64 = 2;

/// The firm, once it is founded.
///
/// # Errors
/// When the database refuses.
pub async fn firm(conn: &mut Conn) -> Result<Option<Firm>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT fingerprint, root_key, office, recovery FROM firm WHERE id = 1",
            args![],
        )
        .await?;
    row.map(|row| {
        Ok(Firm {
            fingerprint: row.get(0)?,
            root: VerifyKey(row.get(1)?),
            office: row.get(2)?,
            recovery: row.get::<Option<shared::crypto::hash::Hash32>>(3)?.map(|kid| Kid(kid.0)),
        })
    })
    .transpose()
}

/// Writes the firm down.
///
/// # Errors
/// [`DbError::Taken`] when there is one.
pub async fn found(tx: &mut Tx, act: &Permit<RootAct>) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO firm (id, fingerprint, root_key, office) VALUES (1, $1, $2, $3)",
        args![act.fingerprint(), act.root.0, act.office],
    )
    .await?;
    Ok(())
}

/// Replaces the recovery key.
///
/// # Errors
/// When the database refuses.
pub async fn name_recovery(tx: &mut Tx, bundle: &Permit<PublicBundle>) -> Result<(), DbError> {
    tx.execute("UPDATE firm SET recovery = $1 WHERE id = 1", args![bundle.kid().0]).await?;
    Ok(())
}

/// Replaces the root's key.
///
/// # Errors
/// When the database refuses.
pub async fn reroot(tx: &mut Tx, key: &Permit<VerifyKey>) -> Result<(), DbError> {
    tx.execute("UPDATE firm SET root_key = $1 WHERE id = 1", args![key.0]).await?;
    Ok(())
}

/// Whoever signs with this key, if the firm knows it and the person's time with it is not over now. The root
/// signs under the fingerprint.
///
/// # Errors
/// When the database refuses.
pub async fn signer(conn: &mut Conn, kid: Kid, now: Timestamp) -> Result<Option<Signer>, DbError> {
    if let Some(firm) = firm(conn).await?
        && Kid::of_root(firm.fingerprint) == kid
    {
        return Ok(Some(Signer { kid, key: firm.root, part: Part::Root }));
    }
    let row = conn
        .fetch_optional(
            "SELECT kind, verify_key, caps, account, matter, invite FROM signer \
             WHERE kid = $1 AND ended IS NULL AND (until IS NULL OR until >= $2)",
            args![kid.0, now],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let part = if row.get::<i64>(0)? == STAFF {
        Part::Staff { account: row.get::<AccountId>(3)?, caps: Caps(row.get(2)?) }
    } else {
        Part::Client { matter: row.get::<MatterId>(4)?, invite: row.get::<InviteId>(5)? }
    };
    Ok(Some(Signer { kid, key: VerifyKey(row.get(1)?), part }))
}

/// The key of a person of staff who is with the firm now.
///
/// # Errors
/// When the database refuses.
pub async fn staff(
    conn: &mut Conn,
    account: AccountId,
    now: Timestamp,
) -> Result<Option<Signer>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT kid, verify_key, caps FROM signer \
             WHERE kind = $1 AND account = $2 AND ended IS NULL AND (until IS NULL OR until >= $3)",
            args![STAFF, account, now],
        )
        .await?;
    row.map(|row| {
        Ok(Signer {
            kid: Kid(row.get(0)?),
            key: VerifyKey(row.get(1)?),
            part: Part::Staff { account, caps: Caps(row.get(2)?) },
        })
    })
    .transpose()
}

/// Admits a person.
///
/// # Errors
/// [`DbError::Taken`] when the account or the key is admitted already.
pub async fn admit(tx: &mut Tx, member: &Permit<Member>) -> Result<(), DbError> {
    let bundle = &member.bundle;
    let key = bundle.verify_key.ok_or(DbError::Shape)?;
    tx.execute(
        "INSERT INTO signer (kid, kind, verify_key, caps, can_open, account, post, until, only_matter) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            bundle.kid().0,
            STAFF,
            key.0,
            bundle.caps.0,
            bundle.role == Role::Staff,
            member.account,
            member.placing.map(|placing| placing.post as u8),
            member.placing.and_then(|placing| placing.until),
            member.placing.and_then(|placing| placing.matter),
        ],
    )
    .await?;
    if let Some(enrolment) = member.enrolment {
        tx.execute(
            "UPDATE enrolment_offer SET admitted = $1 WHERE id = $2",
            args![member.account, enrolment],
        )
        .await?;
    }
    Ok(())
}

/// A person of staff, with the firm or not any more.
///
/// # Errors
/// When the database refuses.
pub async fn person(conn: &mut Conn, kid: Kid) -> Result<Option<Person>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT account, ended, caps, can_open, post FROM signer WHERE kid = $1 AND kind = $2",
            args![kid.0, STAFF],
        )
        .await?;
    row.map(|row| {
        let ended = match row.get::<Option<i64>>(1)? {
            None => None,
            Some(LEFT) => Some(EndKind::Left),
            Some(SUSPENDED) => Some(EndKind::Suspended),
            Some(_) => return Err(DbError::Shape),
        };
        let role = if row.get(3)? { Role::Staff } else { Role::Admin };
        let by_keys = Post::of_bundle(role, Caps(row.get(2)?));
        let post = posts::read(row.get(4)?)?.unwrap_or(by_keys);
        Ok(Person { account: row.get(0)?, ended, role, post })
    })
    .transpose()
}

/// How somebody stands to the firm, where recovery asks.
///
/// # Errors
/// When the database refuses.
pub async fn standing(
    conn: &mut Conn,
    kid: Kid,
    now: Timestamp,
) -> Result<Option<Standing>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT can_open, caps, ended, until, only_matter FROM signer \
             WHERE kid = $1 AND kind = $2",
            args![kid.0, STAFF],
        )
        .await?;
    let walls = conn
        .fetch_all("SELECT matter FROM wall WHERE kid = $1 AND lifted = 0", args![kid.0])
        .await?;
    row.map(|row| {
        let until = row.get::<Option<Timestamp>>(3)?;
        let bound = until.is_some() || row.get::<Option<MatterId>>(4)?.is_some();
        let walls = walls.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
        let over = until.is_some_and(|until| until < now);
        let stands = row.get::<Option<i64>>(2)?.is_none() && !over;
        Ok(Standing { opens: row.get(0)?, caps: Caps(row.get(1)?), stands, bound, walls })
    })
    .transpose()
}

/// Whether somebody else than this person is with the firm and admits.
///
/// # Errors
/// When the database refuses.
pub async fn others_admit(conn: &mut Conn, than: Kid) -> Result<bool, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT 1 FROM signer WHERE kind = $1 AND ended IS NULL AND until IS NULL \
             AND kid <> $2 AND (caps & $3) <> 0",
            args![STAFF, than.0, Caps::ADMIT.0],
        )
        .await?;
    Ok(row.is_some())
}

/// A person's time with the firm ends, and with it every session and every link to join that nobody used.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &mut Tx, act: &Permit<Ended>) -> Result<(), DbError> {
    let kind = match act.kind {
        EndKind::Left => LEFT,
        EndKind::Suspended => SUSPENDED,
    };
    tx.execute("UPDATE signer SET ended = $1 WHERE kid = $2", args![kind, act.kid.0]).await?;
    tx.execute("DELETE FROM session WHERE account = $1", args![act.account]).await?;
    // The signer's id stands behind the magic, the namespace and the suite (CRYPTO 4).
    tx.execute(
        "UPDATE enrolment_offer SET expires = 0 WHERE admitted IS NULL AND leaf IN \
         (SELECT leaf FROM statement WHERE stream = 'keyring' AND SUBSTR(body, 8, 32) = $1)",
        args![act.kid.0],
    )
    .await?;
    Ok(())
}

/// A person who was suspended comes back.
///
/// # Errors
/// When the database refuses.
pub async fn restore(tx: &mut Tx, act: &Permit<Restored>) -> Result<(), DbError> {
    tx.execute("UPDATE signer SET ended = NULL WHERE kid = $1", args![act.kid.0]).await?;
    // One may have been opened in the same moment as the end.
    tx.execute("DELETE FROM session WHERE account = $1", args![act.account]).await?;
    Ok(())
}

/// Lets a client sign at its matter, and marks the invitation used.
///
/// # Errors
/// [`DbError::Taken`] when the key is known already.
pub async fn join(
    tx: &mut Tx,
    leaf: u64,
    matter: MatterId,
    act: &Permit<ClientJoined>,
) -> Result<(), DbError> {
    let key = act.bundle.verify_key.ok_or(DbError::Shape)?;
    let kid = act.bundle.kid();
    tx.execute(
        "INSERT INTO signer (kid, kind, verify_key, caps, can_open, matter, invite, joined) \
         VALUES ($1, $2, $3, 0, 1, $4, $5, $6)",
        args![kid.0, CLIENT, key.0, matter, act.invite, leaf],
    )
    .await?;
    tx.execute("UPDATE invite SET used_by = $1 WHERE id = $2", args![kid.0, act.invite]).await?;
    Ok(())
}

/// The statement by which a client came to a matter.
///
/// # Errors
/// When the database refuses.
pub async fn joining(
    conn: &mut Conn,
    matter: MatterId,
    client: Kid,
) -> Result<Option<Vec<u8>>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT body FROM signer JOIN statement ON statement.leaf = signer.joined \
             WHERE kid = $1 AND matter = $2",
            args![client.0, matter],
        )
        .await?;
    row.map(|row| row.get(0)).transpose()
}

/// Writes an offer of enrolment down.
///
/// # Errors
/// [`DbError::Taken`] when its id is taken.
pub async fn offer(tx: &mut Tx, leaf: u64, act: &Permit<EnrolmentOffered>) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO enrolment_offer \
         (id, leaf, auth_hash, blob_hash, expires, role, caps, post, until, only_matter) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            act.enrolment,
            leaf,
            act.auth_hash,
            act.blob_hash,
            act.expires,
            u32::from(act.role),
            act.caps,
            act.placing.map(|placing| placing.post as u8),
            act.placing.and_then(|placing| placing.until),
            act.placing.and_then(|placing| placing.matter),
        ],
    )
    .await?;
    Ok(())
}

/// An offer of enrolment with whoever enrolled by it.
///
/// # Errors
/// When the database refuses.
pub async fn offered(conn: &mut Conn, enrolment: EnrolmentId) -> Result<Option<Offer>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT role, caps, admitted, body, post, until, only_matter FROM enrolment_offer \
             JOIN statement ON statement.leaf = enrolment_offer.leaf \
             WHERE enrolment_offer.id = $1",
            args![enrolment],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let made = Signed::parse(&row.get::<Vec<u8>>(3)?).map_err(|_| DbError::Shape)?;
    let enrolled = conn
        .fetch_optional(
            "SELECT account, bundle FROM enrolled WHERE enrolment = $1",
            args![enrolment],
        )
        .await?
        .map(|row| Ok::<_, DbError>((row.get(0)?, row.get(1)?)))
        .transpose()?;
    Ok(Some(Offer {
        maker: made.signer(),
        role: row.get(0)?,
        caps: row.get(1)?,
        admitted: row.get(2)?,
        placing: match posts::read(row.get(4)?)? {
            Some(post) => Some(Placing { post, until: row.get(5)?, matter: row.get(6)? }),
            None => None,
        },
        enrolled,
    }))
}

/// The newest version of a form.
///
/// # Errors
/// When the database refuses.
pub async fn newest_form(conn: &mut Conn, form: FormId) -> Result<Option<u32>, DbError> {
    let row = conn
        .fetch_optional(
            "SELECT version FROM form WHERE id = $1 ORDER BY version DESC LIMIT 1",
            args![form],
        )
        .await?;
    row.map(|row| row.get(0)).transpose()
}

/// Writes a form's version down.
///
/// # Errors
/// [`DbError::Taken`] when it is taken.
pub async fn publish(tx: &mut Tx, leaf: u64, act: &Permit<FormPublished>) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO form (id, version, leaf) VALUES ($1, $2, $3)",
        args![act.form, act.version, leaf],
    )
    .await?;
    Ok(())
}
