//! What a device verified already, so that a reload goes on from there: the firm's directory and the
//! matters, folded, sealed under the account's own key (CRYPTO 10).
//!
//! Nothing of it is believed for being here. It counts only when it opens under the account's key, for
//! this firm, stream, end and checkpoint, and when this device still knows a journal and a stream that
//! hold all of it. Whatever does not fit is let go of, and everything is read and verified anew.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use super::Portal;
use super::directory::Directory;
use super::host::Host;
use super::ring::{Keys, Ring};
use super::room::{Filed, Room};
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{AccountKey, RecordKey};
use crate::crypto::rng;
use crate::crypto::sealed::{RecordKind, open_record, seal_record};
use crate::ids::{AccountId, MatterId};
use crate::journal::stream::{Head, StreamId};

/// What is refused and how a fold is written. Raised with either: an older fold is then not gone on with.
const FOLD: u8 = 6;
/// Bytes sealed at once.
const PIECE: usize = 4 * 1024 * 1024;
/// Most that one stream may take on the device.
pub(super) const MOST_OF_ONE: usize = 32 * 1024 * 1024;
/// Most that all of an account's may take; those kept longest ago go first.
const MOST: u64 = 64 * 1024 * 1024;
/// Less than so much is not worth keeping: it is verified again in no time.
const FEW: u64 = 16;

/// Whose.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whose {
    pub(crate) firm: Hash32,
    pub(crate) account: AccountId,
}

/// What a piece is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PieceV1 {
    /// [`FOLD`].
    #[n(1)]
    pub fold: u8,
    /// The firm.
    #[n(2)]
    pub firm: Hash32,
    /// The account.
    #[n(3)]
    pub account: AccountId,
    /// Made when the account first keeps something here, and gone when it signs out.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub mark: [u8; 16],
    /// What was folded, how far, and how large the journal was.
    #[n(5)]
    pub stretch: StretchV1,
    /// Which piece, from 0.
    #[n(6)]
    pub piece: u32,
}

/// A stream up to an end.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StretchV1 {
    /// The stream.
    #[n(1)]
    pub stream: StreamId,
    /// Its end.
    #[n(2)]
    pub head: Head,
    /// Size of the newest checkpoint that the device had verified.
    #[n(3)]
    pub seen: u64,
    /// In how many pieces it is kept.
    #[n(4)]
    pub pieces: u32,
    /// Their length together.
    #[n(5)]
    pub bytes: u64,
    /// Made for this keeping: pieces of two do not go together.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub salt: [u8; 16],
}

/// What is kept, in the order of keeping.
pub(super) type Shelf = Vec<StretchV1>;
pub(super) const MAX_SHELF: usize = 1024 * 1024;
/// Most streams on it.
const MOST_STREAMS: usize = 4000;

/// Sealed pieces of one stretch.
pub(crate) struct Kept {
    whose: Whose,
    mark: [u8; 16],
    stretch: StretchV1,
    pieces: Vec<Vec<u8>>,
}

impl Kept {
    fn context(&self, piece: usize) -> Vec<u8> {
        context(self.whose, self.mark, &self.stretch, piece)
    }

    /// Seals a fold.
    fn seal(
        key: &RecordKey,
        whose: Whose,
        mark: [u8; 16],
        mut stretch: StretchV1,
        fold: &[u8],
    ) -> Option<Self> {
        if fold.len() > MOST_OF_ONE {
            return None;
        }
        stretch.pieces = u32::try_from(fold.len().div_ceil(PIECE)).ok()?;
        stretch.bytes = fold.len() as u64;
        let mut kept = Self { whose, mark, stretch, pieces: Vec::new() };
        for (number, piece) in fold.chunks(PIECE).enumerate() {
            let (kind, context) = (RecordKind::DeviceState, kept.context(number));
            kept.pieces.push(seal_record(key, kind, whose.account.0, &context, piece).ok()?);
        }
        Some(kept)
    }

    /// The fold, if every piece is the one that it should be.
    fn open<T: for<'b> Decode<'b, ()>>(&self, key: &RecordKey) -> Option<T> {
        let mut fold =
            Zeroizing::new(Vec::with_capacity(usize::try_from(self.stretch.bytes).ok()?));
        for (number, piece) in self.pieces.iter().enumerate() {
            let (kind, context) = (RecordKind::DeviceState, self.context(number));
            let opened = open_record(key, kind, self.whose.account.0, &context, piece).ok()?;
            // EXPOSE: it goes straight into its type.
            fold.extend_from_slice(opened.expose());
        }
        // Sealed by this account and bound to `FOLD`: it is as this program wrote it, so that writing it once
        // more would show nothing.
        cbor::decode_own(&fold, MOST_OF_ONE).ok()
    }
}

fn context(whose: Whose, mark: [u8; 16], stretch: &StretchV1, piece: usize) -> Vec<u8> {
    let Whose { firm, account } = whose;
    let piece = u32::try_from(piece).unwrap_or(u32::MAX);
    cbor::encode(&PieceV1 { fold: FOLD, firm, account, mark, stretch: stretch.clone(), piece })
}

impl<H: Host> Portal<H> {
    /// Takes up matters that this device verified before; the others begin anew.
    pub(crate) async fn resume_rooms(&self, ring: &Ring, matters: &[MatterId]) {
        let whose = ring.whose();
        let Ok(missing) = ring.with(|keys| {
            let missing = matters.iter().filter(|matter| !keys.rooms.contains_key(matter));
            missing.map(|matter| StreamId::Matter(*matter)).collect::<Vec<_>>()
        }) else {
            return;
        };
        if missing.is_empty() {
            return;
        }
        for kept in self.kept_stretches(whose, &missing).await {
            let taken = ring.with_mut(|keys| {
                let room: Room = kept.open(&keys.amk.record_key())?;
                let stream = StreamId::Matter(room.matter());
                let whole = room.unseated.len() <= room.gone.len();
                let fits =
                    whole && (stream, room.head()) == (kept.stretch.stream, kept.stretch.head);
                fits.then(|| keys.rooms.insert(room.matter(), room.resumed()))
            });
            if matches!(taken, Ok(None)) {
                self.let_go(whose, kept.stretch.stream).await;
            }
        }
    }

    /// The directory as this device verified it before.
    pub(crate) async fn resume_directory(
        &self,
        whose: Whose,
        amk: &AccountKey,
    ) -> Option<Directory> {
        let kept = self.kept_stretches(whose, &[StreamId::Keyring]).await.pop()?;
        let directory: Option<Directory> = kept.open(&amk.record_key());
        let directory = directory.filter(|directory| {
            directory.root().fingerprint() == whose.firm
                && (directory.firm(), directory.head()) == (whose.firm, kept.stretch.head)
        });
        if directory.is_none() {
            self.let_go(whose, StreamId::Keyring).await;
        }
        directory
    }

    /// Keeps what was learned of the directory and of these matters, once there is time for it: nobody waits
    /// for that who wants to see them. A page that goes before verifies again.
    pub(crate) async fn keep_later(&self, ring: &Ring, matters: Vec<MatterId>) {
        // Mostly there is nothing new.
        if ring.with(|keys| worth_keeping(keys, &matters).is_empty()).unwrap_or(true) {
            return;
        }
        let (portal, ring) = (self.clone(), ring.clone());
        let keep = async move { portal.keep_verified(&ring, &matters).await };
        self.host.later(keep).await;
    }

    /// Keeps what was learned of the directory and of these matters, where it is worth it. A device that
    /// keeps nothing verifies again.
    async fn keep_verified(&self, ring: &Ring, matters: &[MatterId]) {
        let whose = ring.whose();
        let _alone = self.host.lock(&contents(whose)).await;
        let Ok(worth) = ring.with(|keys| worth_keeping(keys, matters)) else { return };
        if worth.is_empty() {
            return;
        }
        let Ok(Some(pin)) = self.pinned(whose.firm).await else { return };
        let Some(mark) = self.mark(whose).await else { return };
        for stream in worth {
            let sealed = ring.with_mut(|keys| seal(keys, whose, mark, stream, pin.size));
            if let Ok(Some(kept)) = sealed {
                self.shelve(ring, &kept).await;
            }
        }
    }

    /// Forgets everything of the account's, whose keys are locked: what was copied from here before fits no
    /// more, and what is being kept at this moment goes as well.
    pub(crate) async fn forget_verified(&self, ring: &Ring) {
        let whose = ring.whose();
        // In whatever tab it is being kept.
        let _alone = self.host.lock(&contents(whose)).await;
        self.forget_below(&shelf_of(whose)).await;
    }

    /// The same for everybody who unlocked keys of the firm here.
    pub(crate) async fn forget_all_verified(&self, firm: Hash32) {
        self.forget_below(&format!("verified/{firm}/")).await;
    }

    async fn forget_below(&self, prefix: &str) {
        for key in self.host.keys(prefix).await.unwrap_or_default() {
            let _ = self.host.remove(&key).await;
        }
    }

    /// Forgets one stream: what does not fit is of no use.
    pub(crate) async fn let_go(&self, whose: Whose, stream: StreamId) {
        let _alone = self.host.lock(&contents(whose)).await;
        self.take_down(whose, stream).await;
    }

    /// The same for whoever is alone with the shelf.
    async fn take_down(&self, whose: Whose, stream: StreamId) {
        let mut shelf = self.shelf(whose).await;
        shelf.retain(|stretch| stretch.stream != stream);
        let _ = self.host.save(&contents(whose), &cbor::encode(&shelf)).await;
        self.forget_below(&format!("{}{stream}/", shelf_of(whose))).await;
    }

    /// What is kept of these streams and still fits what this device knows of the journal.
    async fn kept_stretches(&self, whose: Whose, streams: &[StreamId]) -> Vec<Kept> {
        let mut found = Vec::new();
        let shelf = self.shelf(whose).await;
        if shelf.is_empty() {
            return found;
        }
        let Ok(Some(mark)) = self.host.load(&mark_of(whose)).await else { return found };
        let Ok(mark) = <[u8; 16]>::try_from(mark) else { return found };
        let (Ok(Some(pin)), Ok(ends)) =
            (self.pinned(whose.firm).await, self.ends(whose.firm).await)
        else {
            return found;
        };
        for stretch in shelf.into_iter().filter(|stretch| streams.contains(&stretch.stream)) {
            let end = ends.get(&stretch.stream).copied().unwrap_or(Head::EMPTY);
            let known = end == stretch.head || end.next > stretch.head.next;
            let pieces = match self.pieces(whose, &stretch).await {
                Some(pieces) if known && stretch.seen <= pin.size => pieces,
                _ => {
                    self.let_go(whose, stretch.stream).await;
                    continue;
                }
            };
            found.push(Kept { whose, mark, stretch, pieces });
        }
        found
    }

    async fn pieces(&self, whose: Whose, stretch: &StretchV1) -> Option<Vec<Vec<u8>>> {
        // As much as there are pieces for: it is made room for before the first one opened.
        let whole = stretch.bytes <= MOST_OF_ONE as u64
            && u64::from(stretch.pieces) == stretch.bytes.div_ceil(PIECE as u64);
        let mut pieces = Vec::new();
        for number in 0..stretch.pieces {
            let name = piece_of(whose, stretch.stream, number);
            pieces.push(self.host.load(&name).await.ok().filter(|_| whole)??);
        }
        Some(pieces)
    }

    /// Puts a sealed stretch on the shelf, and takes down what stood there too long.
    async fn shelve(&self, ring: &Ring, kept: &Kept) {
        let Kept { whose, stretch, pieces, .. } = kept;
        for (number, piece) in (0..).zip(pieces) {
            let name = piece_of(*whose, stretch.stream, number);
            // Whoever locked the keys meanwhile wants nothing of it to stay.
            if ring.is_locked() || self.host.save(&name, piece).await.is_err() {
                return self.take_down(*whose, stretch.stream).await;
            }
        }
        let mut shelf = self.shelf(*whose).await;
        shelf.retain(|one| one.stream != stretch.stream);
        shelf.push(stretch.clone());
        let (mut left, mut newest) = (MOST, 0);
        for one in shelf.iter().rev().take(MOST_STREAMS) {
            let Some(rest) = left.checked_sub(one.bytes) else { break };
            (left, newest) = (rest, newest + 1);
        }
        let old: Vec<StretchV1> = shelf.drain(..shelf.len() - newest).collect();
        let _ = self.host.save(&contents(*whose), &cbor::encode(&shelf)).await;
        for one in old {
            self.take_down(*whose, one.stream).await;
        }
    }

    async fn shelf(&self, whose: Whose) -> Shelf {
        let bytes = self.host.load(&contents(whose)).await.ok().flatten();
        bytes.and_then(|bytes| cbor::decode_strict(&bytes, MAX_SHELF).ok()).unwrap_or_default()
    }

    /// The account's mark on this device, made where there is none.
    async fn mark(&self, whose: Whose) -> Option<[u8; 16]> {
        if let Some(mark) = self.host.load(&mark_of(whose)).await.ok()? {
            return mark.try_into().ok();
        }
        let mark = rng::random_id();
        self.host.save(&mark_of(whose), &mark).await.ok()?;
        Some(mark)
    }
}

fn worth_keeping(keys: &Keys, matters: &[MatterId]) -> Vec<StreamId> {
    let much = |fresh: u64, head: Head| fresh >= FEW.max(head.next / 64);
    let directory = much(keys.directory.fresh, keys.directory.head()).then_some(StreamId::Keyring);
    let rooms = matters.iter().filter_map(|matter| keys.rooms.get(matter));
    let rooms = rooms.filter(|room| much(room.fresh, room.head()));
    directory.into_iter().chain(rooms.map(|room| StreamId::Matter(room.matter()))).collect()
}

fn seal(
    keys: &mut Keys,
    whose: Whose,
    mark: [u8; 16],
    stream: StreamId,
    seen: u64,
) -> Option<Kept> {
    let (fold, head) = match stream {
        StreamId::Keyring => {
            keys.directory.fresh = 0;
            (cbor::encode(&keys.directory), keys.directory.head())
        }
        StreamId::Matter(matter) => {
            let room = keys.rooms.get_mut(&matter)?;
            room.fresh = 0;
            let parts: Vec<_> = room.objects.values_mut().map(Filed::lighten).collect();
            let fold = cbor::encode(room);
            room.objects.values_mut().zip(parts).for_each(|(filed, parts)| filed.weigh(parts));
            (fold, room.head())
        }
        StreamId::Forms | StreamId::Policy | StreamId::Reviews | StreamId::Access(_) => {
            return None;
        }
    };
    let fold = Zeroizing::new(fold);
    let stretch = StretchV1 { stream, head, seen, pieces: 0, bytes: 0, salt: rng::random_id() };
    Kept::seal(&keys.amk.record_key(), whose, mark, stretch, &fold)
}

fn shelf_of(whose: Whose) -> String {
    format!("verified/{}/{}/", whose.firm, whose.account)
}

fn contents(whose: Whose) -> String {
    shelf_of(whose) + "contents"
}

fn mark_of(whose: Whose) -> String {
    shelf_of(whose) + "mark"
}

fn piece_of(whose: Whose, stream: StreamId, number: u32) -> String {
    format!("{}{stream}/{number}", shelf_of(whose))
}
