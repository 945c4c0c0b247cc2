//! The tables that say again what the journal says: set aside, emptied, and compared row by row with
//! what was made of the journal anew. SQL and nothing else.

use core::fmt;

use shared::encoding::to_hex;

use crate::db::pool::DbError;
use crate::db::{Row, Tx, args};

/// A column of a key.
struct Column {
    name: &'static str,
    kind: Kind,
}

enum Kind {
    Bytes,
    Int,
    Text,
}

/// One table with what is asked of it.
struct Projection {
    name: &'static str,
    key: &'static [Column],
    set_aside: &'static str,
    empty: &'static str,
    forget: &'static str,
    /// The keys of the first rows of which this is so, and the number of all.
    lacked: [&'static str; 2],
    surplus: [&'static str; 2],
    other: [&'static str; 2],
}

macro_rules! keys {
    ($first:literal $(, $rest:literal)*) => { concat!($first $(, ", ", $rest)*) };
}

macro_rules! question {
    ([$($key:literal),+], $rows:expr) => {
        [
            concat!($rows, " ORDER BY ", keys!($($key),+), " LIMIT 20"),
            concat!("SELECT COUNT(*) FROM (", $rows, ") AS them"),
        ]
    };
}

/// A table by its name and its key.
macro_rules! projection {
    ($name:literal, $($key:literal $kind:ident),+) => {
        Projection {
            name: $name,
            key: &[$(Column { name: $key, kind: Kind::$kind }),+],
            set_aside: concat!("CREATE TEMPORARY TABLE was_", $name, " AS SELECT * FROM ", $name),
            empty: concat!("DELETE FROM ", $name),
            forget: concat!("DROP TABLE was_", $name),
            lacked: question!([$($key),+], concat!(
                "SELECT ", keys!($($key),+), " FROM ", $name, " EXCEPT SELECT ", keys!($($key),+),
                " FROM was_", $name
            )),
            surplus: question!([$($key),+], concat!(
                "SELECT ", keys!($($key),+), " FROM was_", $name, " EXCEPT SELECT ",
                keys!($($key),+), " FROM ", $name
            )),
            other: question!([$($key),+], concat!(
                "SELECT ", keys!($($key),+), " FROM (SELECT * FROM ", $name,
                " EXCEPT SELECT * FROM was_", $name, ") AS fresh INTERSECT SELECT ",
                keys!($($key),+), " FROM was_", $name
            )),
        }
    };
}

/// All of them; one that names another's rows stands before it.
const PROJECTIONS: [Projection; 22] = [
    projection!("paper", "object" Bytes),
    projection!("papers_key", "matter" Bytes, "epoch" Int),
    projection!("code_answer", "object" Bytes),
    projection!("code_asked", "client" Bytes),
    projection!("session_rules", "id" Int),
    projection!("matter_need", "matter" Bytes),
    projection!("released", "submission" Bytes),
    projection!("client_identity", "client" Bytes),
    projection!("object", "id" Bytes),
    projection!("submission", "id" Bytes),
    projection!("review", "id" Bytes),
    projection!("invite", "id" Bytes),
    projection!("seat", "kid" Bytes, "matter" Bytes),
    projection!("epoch", "matter" Bytes, "number" Int),
    projection!("matter", "id" Bytes),
    projection!("form", "id" Bytes, "version" Int),
    projection!("enrolment_offer", "id" Bytes),
    projection!("wall", "id" Bytes),
    projection!("signer", "kid" Bytes),
    projection!("firm", "id" Int),
    projection!("stream", "name" Text),
    projection!("tile", "level" Int, "idx" Int),
];

/// The tables that say again what the journal says.
pub fn names() -> impl Iterator<Item = &'static str> {
    PROJECTIONS.iter().map(|table| table.name)
}

/// What rows of a table were, beside what the journal makes of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Was {
    /// They were not there.
    Lacking,
    /// They were there, and the journal does not give them.
    Surplus,
    /// They said something else.
    Other,
}

/// Rows of one table that were not what the journal makes of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// What the rows were.
    pub was: Was,
    /// How many.
    pub count: u64,
    /// The keys of the first of them.
    pub rows: Vec<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, was, count, rows } = self;
        let row = if *count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
        match was {
            Was::Lacking => write!(f, "Table `{table}` lacked {row} that the journal gives: ")?,
            Was::Surplus => {
                write!(f, "Table `{table}` had {row} that the journal does not give: ")?;
            }
            Was::Other => write!(f, "Table `{table}` had {row} otherwise than the journal: ")?,
        }
        f.write_str(&rows.join("; "))?;
        if rows.len() as u64 == *count { f.write_str(".") } else { f.write_str("; and more.") }
    }
}

/// Sets the tables aside and empties them.
///
/// # Errors
/// When the database refuses.
pub async fn set_aside(tx: &mut Tx) -> Result<(), DbError> {
    for table in &PROJECTIONS {
        tx.execute(table.set_aside, args![]).await?;
    }
    for table in &PROJECTIONS {
        tx.execute(table.empty, args![]).await?;
    }
    Ok(())
}

/// Compares the tables with what was set aside, and lets go of that.
///
/// # Errors
/// When the database refuses.
pub async fn compare(tx: &mut Tx) -> Result<Vec<Difference>, DbError> {
    let mut found = Vec::new();
    for table in &PROJECTIONS {
        let asked = [
            (Was::Lacking, table.lacked),
            (Was::Surplus, table.surplus),
            (Was::Other, table.other),
        ];
        for (was, [keys, count]) in asked {
            let rows = tx.fetch_all(keys, args![]).await?;
            if rows.is_empty() {
                continue;
            }
            let count = tx.fetch_optional(count, args![]).await?.ok_or(DbError::Shape)?.get(0)?;
            let rows = rows.iter().map(|row| named(table.key, row)).collect::<Result<_, _>>()?;
            found.push(Difference { table: table.name, was, count, rows });
        }
        tx.execute(table.forget, args![]).await?;
    }
    Ok(found)
}

fn named(key: &[Column], row: &Row) -> Result<String, DbError> {
    let column = |(at, column): (usize, &Column)| {
        let value = match column.kind {
            Kind::Bytes => to_hex(&row.get::<Vec<u8>>(at)?),
            Kind::Int => row.get::<i64>(at)?.to_string(),
            Kind::Text => row.get::<String>(at)?,
        };
        Ok(format!("{} {value}", column.name))
    };
    let columns = key.iter().enumerate().map(column).collect::<Result<Vec<_>, DbError>>()?;
    Ok(columns.join(", "))
}
