//! The attack table: one row for each class of published attacks on products like this one, with its
//! references as in the design (BW, LP, DL, 1P: ePrint 2026/058; BCS: ePrint 2024/1616; MEGA: ePrint
//! 2022/959, 2022/914, 2023/329; NC: ePrint 2024/546).

/// One class of attacks.
pub(super) struct Row {
    /// What it is called.
    pub(super) title: &'static str,
    /// Where it was published, or against whom.
    pub(super) source: &'static str,
    /// What the server does.
    pub(super) attack: &'static str,
    /// What answers it.
    pub(super) answer: &'static str,
}

/// All of them; the first is A01.
pub(super) const ROWS: [Row; 40] = [
    Row {
        title: "recipient key swap",
        source: "LP07, DL02, 1P05; BCS (Sync, Tresorit); NC sharing",
        attack: "Somebody shares a matter, and the server gives its own key for the colleague's.",
        answer: "Keys come from the keyring alone, signed down from the firm's root.",
    },
    Row {
        title: "recovery key of the server's own",
        source: "BW01, LP01, 1P01",
        attack: "The server slips its own key in as the firm's recovery key, or itself among the officers.",
        answer: "The recovery key stands in the keyring, signed by the root; whoever grants asks the keyring.",
    },
    Row {
        title: "malicious rotation",
        source: "BW02",
        attack: "The server announces a new key for a matter, or a colleague does whose access was taken back, so that what comes next is sealed to it.",
        answer: "An epoch is a statement by somebody who sits in the matter and may; others are refused.",
    },
    Row {
        title: "forced conversion to keys held by the server",
        source: "BW03",
        attack: "The server announces an organisation that keeps the keys, and waits for the account to move.",
        answer: "There is no such step: unknown fields and answers are refused, keys have one door.",
    },
    Row {
        title: "key by self-encryption",
        source: "1P03, 1P06",
        attack: "The server wraps a key of its own choice for a lawyer, as if a colleague had.",
        answer: "An envelope is signed inside by a member of staff, and its key must be the one that the stream names.",
    },
    Row {
        title: "injected matter",
        source: "BW08; BCS (Sync)",
        attack: "The server adds a matter whose key it knows to the lawyer's list.",
        answer: "A matter exists by a signed statement of somebody who may create one.",
    },
    Row {
        title: "overwrite just after creation",
        source: "BW09",
        attack: "The server exchanges a matter's first statements before they are read back.",
        answer: "What a device wrote it holds: receipts, remembered ends, and the key it made.",
    },
    Row {
        title: "overwritten account keys",
        source: "BCS (Sync, pCloud); BW11",
        attack: "The server replaces the sealed keys of an account by others, or by older ones.",
        answer: "Slots commit to their key and place; public halves are computed anew and compared with the keyring.",
    },
    Row {
        title: "tampered private keys",
        source: "MEGA; Caveat Implementor; KOpenPGP; RUSTSEC-2022-0093",
        attack: "The server flips bits in wrapped keys, to learn from what the owner does with them.",
        answer: "Authenticated everywhere, seeds only: nothing is used before all of it opened.",
    },
    Row {
        title: "suite downgrade",
        source: "BW12, DL03 to DL05; Seafile",
        attack: "The server labels an object as of an older or weaker suite.",
        answer: "There is one suite; any other number is an error.",
    },
    Row {
        title: "weaker stretching of passphrases",
        source: "BW07, LP04, 1P04, DL04, DL06",
        attack: "The server says that a passphrase is stretched once.",
        answer: "Parameters are compiled in and not on the wire.",
    },
    Row {
        title: "stolen verifiers and guessing",
        source: "LastPass 2022",
        attack: "The server tries a dictionary against the records it keeps, or asks who has an account.",
        answer: "OPAQUE with Argon2id, and a secret of the device in every key; unknown names answer like known ones.",
    },
    Row {
        title: "swapped records",
        source: "BW05, LP02",
        attack: "The server exchanges sealed records with one another.",
        answer: "Every record is sealed to its place: kind, matter, epoch, id.",
    },
    Row {
        title: "fetching by what was opened",
        source: "BW06, LP03",
        attack: "The server gets a client to ask it for a picture, an icon or a preview named by opened content.",
        answer: "No request is derived from plaintext.",
    },
    Row {
        title: "files across matters",
        source: "BCS (Sync, pCloud, Seafile, Icedrive)",
        attack: "The server shows one matter's document as another's.",
        answer: "The file's header, manifest and key all name its place.",
    },
    Row {
        title: "altered metadata",
        source: "BW04, LP06; BCS",
        attack: "The server changes names, types, sizes, times or flags.",
        answer: "Metadata is sealed; what the server sees stands in a signed manifest.",
    },
    Row {
        title: "pieces out of order",
        source: "BCS (Seafile, pCloud)",
        attack: "The server reorders, repeats, drops or cuts off the pieces of a file.",
        answer: "Pieces are numbered, the last is marked, and all of them stand under one root in the manifest.",
    },
    Row {
        title: "flipped bits",
        source: "Icedrive, Seafile; LP05; MEGA",
        attack: "The server changes bytes of what it stores.",
        answer: "Everything sealed is authenticated; nothing is shown before its tag was checked.",
    },
    Row {
        title: "planted files",
        source: "BCS (pCloud); MEGA; NC",
        attack: "The server seals a file of its own to a matter's public key.",
        answer: "A document has a manifest signed by somebody of the matter, in its stream.",
    },
    Row {
        title: "things left out or repeated",
        source: "DL01, 1P02",
        attack: "The server hides or repeats entries of a set.",
        answer: "Streams are numbered without gaps and chained; a matter's stream is read whole.",
    },
    Row {
        title: "rollback, fork, split view",
        source: "KT and CT literature",
        attack: "The server shows an older journal, or another one to each person.",
        answer: "Each device pins a checkpoint and demands proof that it is continued; forks are kept as evidence.",
    },
    Row {
        title: "the link's secret",
        source: "BCS (Sync)",
        attack: "The server waits for the secret of a link in a path, a referrer or a log.",
        answer: "It stands in the fragment, and only what is derived from it goes out.",
    },
    Row {
        title: "one nonce, two texts",
        source: "NC CVE-2023-28997",
        attack: "The server denies what it received, so that a piece is sealed again with other bytes.",
        answer: "A file that changed gets another key; a piece is never sealed twice with different bytes.",
    },
    Row {
        title: "ciphertexts under many keys",
        source: "ePrint 2020/1491",
        attack: "The server offers a ciphertext that opens under several keys, to search for the key or to equivocate.",
        answer: "Headers and records commit to their key before anything opens.",
    },
    Row {
        title: "an oracle of errors",
        source: "MEGA; GaP-Bleichenbacher; DL",
        attack: "The server mutates objects a thousand times and watches what the client does.",
        answer: "One behaviour for every failure: nothing goes out that depends on it, nothing is tried again. The tenth locks the keys, until a person has read why.",
    },
    Row {
        title: "one object as another",
        source: "Threema, Matrix",
        attack: "The server gives an object of one kind where another is expected.",
        answer: "Every kind has its magic, its number in what is signed, and its own keys.",
    },
    Row {
        title: "a ghost among the staff",
        source: "Matrix; WhatsApp groups",
        attack: "The server adds a person or a device, or keeps one who left: it hides the end, or shows what they say after it.",
        answer: "Only statements signed down from the root admit; a row of the database is nobody. What somebody says counts up to the leaf of their end, which is proven; a matter's next key names how much of the keyring there is.",
    },
    Row {
        title: "altered policy",
        source: "BW01",
        attack: "The server changes what the firm decided: forms, capabilities, the firm's name.",
        answer: "What the firm decides is signed and versioned, by people who may.",
    },
    Row {
        title: "altered forms, hostile documents",
        source: "web practice",
        attack: "The server adds a question to a form; a form or a document tries to act on the page.",
        answer: "Forms are signed; words are shown as words; documents open in a frame without any rights.",
    },
    Row {
        title: "bad key agreement",
        source: "RFC 7748; CCTV; hpke 0.15.1",
        attack: "The server gives shares of low order, or such that anyone can compute the result.",
        answer: "Shares that contribute nothing are refused.",
    },
    Row {
        title: "sizes",
        source: "Fabrega et al., S&P 2024",
        attack: "The server infers answers from the sizes of what is sealed.",
        answer: "Records and forms are padded, nothing is compressed, nothing is deduplicated.",
    },
    Row {
        title: "a verified client",
        source: "identity verification in portals",
        attack: "The server marks a client as confirmed.",
        answer: "A client's level is a signed statement about that client's key.",
    },
    Row {
        title: "recovery",
        source: "officers' ceremonies",
        attack: "The server replays or exchanges what is kept for recovery.",
        answer: "What is kept for recovery is sealed to its account and place, and is worth nothing elsewhere; shares are named by what the root said of them, and the wait runs from the latest word of all who agreed.",
    },
    Row {
        title: "taken invitations",
        source: "BCS; link sharing",
        attack: "The server uses an invitation itself, lets it be used twice, or brings an old one again.",
        answer: "Joining needs the link's secret; an invitation is used once, ends, and names its key.",
    },
    Row {
        title: "exchanged code",
        source: "every web application",
        attack: "The server sends one person other code.",
        answer: "Every file is bound by its hash, the release is signed, and anybody can compare a server with it.",
    },
    Row {
        title: "a rewritten journal",
        source: "audit logs",
        attack: "The server changes or removes what is on record.",
        answer: "Every statement is a leaf of one tree that devices pin, and every act has its receipt.",
    },
    Row {
        title: "theft of everything stored",
        source: "LastPass 2022",
        attack: "Somebody takes the database, the store, the logs.",
        answer: "They hold ciphertext and opaque ids; no word of a client's.",
    },
    Row {
        title: "a false clock",
        source: "none",
        attack: "The server lies about the time.",
        answer: "Times are signed by people; a device asks its own clock, and names the difference.",
    },
    Row {
        title: "two texts for two readers",
        source: "multi-recipient encryption",
        attack: "A sender gives each reader of one document another text.",
        answer: "One file key, one header MAC over all recipients, one manifest.",
    },
    Row {
        title: "confused parsers",
        source: "CCTV; age",
        attack: "The server sends bytes that two parsers read in two ways, or that are larger than anything real.",
        answer: "One strict reader: canonical bytes only, and limits everywhere.",
    },
];
