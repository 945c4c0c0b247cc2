//! The journal: every act that matters is a signed statement, in a stream, in one tree.
//!
//! A *statement* ([`statement`]) is a `USS1` whose body names its place: the stream, a gapless
//! number and the digest of the stream's previous statement. A *stream* ([`stream`]) is one such
//! chain: whoever holds it whole knows that nothing was dropped, inserted or reordered. All
//! statements of a firm are leaves of one RFC 6962 tree ([`tree`], [`tile`], [`proof`]) whose signed
//! *checkpoints* ([`checkpoint`]) browsers pin, and to which they hold all they are shown ([`anchor`]);
//! members of staff cosign them ([`cosignature`]). The server's tables are projections of it.

pub mod admission;
pub mod anchor;
pub mod ceremony;
pub mod checkpoint;
pub mod code;
pub mod cosignature;
mod epoch;
mod leaving;
pub mod papers;
pub mod policy;
pub mod posts;
pub mod proof;
pub mod receipt;
pub mod recovery;
pub mod release;
pub mod reroot;
pub mod review;
pub mod statement;
pub mod stream;
pub mod tile;
pub mod tree;
pub mod verdict;
pub mod wire;
