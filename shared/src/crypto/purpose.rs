//! Every domain-separation label of the product, in one list, so that no two uses of a primitive
//! can ever share one. A label is never reused and never reordered; a changed meaning takes a new one.

/// A label, always ending in NUL so that no label is the beginning of another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Purpose(&'static [u8]);

impl Purpose {
    /// The label's bytes, with the closing NUL.
    #[must_use]
    pub const fn bytes(self) -> &'static [u8] {
        self.0
    }
}

macro_rules! purposes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: Purpose = Purpose(concat!("underseal/v1/", $text, "\0").as_bytes());)*
        /// All of them, for the test that they differ.
        pub const ALL: &[Purpose] = &[$($name),*];
    };
}

purposes! {
    /// Hash of a public bundle: a key's id.
    KID = "kid";
    /// Hash of the root's first act: the firm's fingerprint.
    FRF = "frf";
    /// What Ed25519 signs in a `USS1`.
    SIG = "sig";
    /// HPKE info of a `USK1`.
    KEYWRAP = "keywrap";
    /// Hash of a file's context.
    FILE_CTX = "file-ctx";
    /// Key of a file's sealed metadata.
    META = "meta";
    /// Key that an invitation's blob is sealed under.
    INVITE = "invite";
    /// Token that shows the server that someone holds the link.
    INVITE_AUTH = "invite-auth";
    /// Key of the MAC that binds a client's bundle to the link.
    CI_MAC = "ci-mac";
    /// Record key of a matter's epoch.
    MRK = "mrk";
    /// Salt of a passkey's PRF and key from its output.
    PRF = "prf";
    /// Key and commitment of an unlock slot.
    SLOT = "slot";
    /// Key and commitment of a record.
    RECORD = "record";
    /// Slot key from a recovery code.
    RECOVERY = "recovery";
    /// Token that shows the server that someone holds a recovery code.
    RECOVERY_AUTH = "recovery-auth";
    /// Slot key from OPAQUE's export key and the device secret.
    OPAQUE = "opaque";
    /// What both sides of a passphrase proof say that it is for.
    OPAQUE_CONTEXT = "opaque-context";
    /// Hash of a form's definition.
    FORM = "form";
    /// Hash of an ordered list of recipient kids.
    RECIPIENTS = "recipients";
    /// Number that two people compare.
    COMPARE = "compare";
    /// Key from an account's unlocked AMK for the account's own records.
    ACCOUNT = "account";
    /// Hash of what a person is told and asked to agree to before sending a form.
    NOTICE_HASH = "notice-hash";
    /// Commitment to a share of the firm's recovery key.
    SHARE = "share";
    /// What is compared before a recovery.
    RECOVERY_CODE = "recovery-code";
    /// Signing key of a share.
    SHARE_KEY = "share-key";
    /// What a share's key signs.
    SHARE_WORD = "share-word";
    /// Hash of who comes back by shares.
    RETURN = "return";
    /// Hash of what a quorum says of a new firm root.
    NEW_ROOT = "new-root";
    /// What a new firm root signs of itself.
    ROOT_PROOF = "root-proof";
    /// Check characters of a printed share.
    SHEET = "sheet";
    /// Number that a client and a lawyer compare by voice.
    SPOKEN = "spoken";
    /// Words of that number.
    SPOKEN_WORDS = "spoken-words";
    /// Slot key from the PRF of a passkey by which a client comes back.
    BACK = "back";
    /// Slot key from the words by which a client comes back.
    BACK_WORDS = "back-words";
    /// Which way it is, from the words.
    BACK_WAY = "back-way";
    /// Token that shows the server that someone holds the words.
    BACK_AUTH = "back-auth";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_is_the_beginning_of_another() {
        for (i, a) in ALL.iter().enumerate() {
            assert_eq!(a.bytes().iter().filter(|b| **b == 0).count(), 1);
            for b in &ALL[i + 1..] {
                assert!(!a.bytes().starts_with(b.bytes()) && !b.bytes().starts_with(a.bytes()));
            }
        }
    }
}
