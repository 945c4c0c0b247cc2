//! Pages and their addresses, both ways, and how one goes from page to page.
//!
//! Written here and not taken from a router crate: a dozen fixed paths need no more, and no foreign
//! code ever looks at an address whose fragment is a secret.

use leptos::prelude::*;
use shared::ids::{EnrolmentId, InviteId, MatterId};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

use crate::platform::page;

/// The tabs of a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatterTab {
    /// What the client answered.
    Answers,
    /// What the client and the firm handed in.
    Documents,
    /// Who can open it.
    Access,
    /// Who its clients are.
    Identity,
}

/// Where a client is in the form. No step tells what is asked there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Before the first section.
    Arrival,
    /// At a section, counted from 0.
    Section(usize),
    /// Looking everything over.
    Review,
    /// After sending.
    Receipt,
}

/// Every page of the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// The bare address: leads on to where the reader belongs.
    Home,
    /// The founder's first run.
    Setup,
    /// Staff unlock their keys.
    Unlock,
    /// A new member of staff enrols.
    Join(EnrolmentId),
    /// A client answers.
    Intake(InviteId, Step),
    /// What needs a lawyer today.
    Today,
    /// Submissions.
    Inbox,
    /// All matters.
    Matters,
    /// One matter.
    Matter(MatterId, MatterTab),
    /// The firm's forms.
    Forms,
    /// People of the firm.
    People,
    /// Shares of the recovery key, and recoveries by them.
    Recovery,
    /// What the firm decided for all its people and matters.
    Policy,
    /// Every act.
    Journal,
    /// Who can open the reader's matters, looked through one by one.
    AccessReview,
    /// The reader's own account.
    Account,
    /// No page has this address.
    Missing,
}

impl Step {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "review" => Some(Self::Review),
            "receipt" => Some(Self::Receipt),
            number => number.parse::<usize>().ok()?.checked_sub(1).map(Self::Section),
        }
    }
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

impl Page {
    /// The page of a client's address.
    #[must_use]
    pub fn of_client(path: &str) -> Self {
        let found = match parts(path).as_slice() {
            ["i", id] => id.parse().ok().map(|id| Self::Intake(id, Step::Arrival)),
            ["i", id, step] => {
                id.parse().ok().zip(Step::parse(step)).map(|(id, step)| Self::Intake(id, step))
            }
            _ => None,
        };
        found.unwrap_or(Self::Missing)
    }

    /// The page of an address.
    #[must_use]
    pub fn parse(path: &str) -> Self {
        let parts = parts(path);
        let found = match parts.as_slice() {
            [] => Some(Self::Home),
            ["setup"] => Some(Self::Setup),
            ["unlock"] => Some(Self::Unlock),
            ["join", id] => id.parse().ok().map(Self::Join),
            ["i", ..] => Some(Self::of_client(path)),
            ["today"] => Some(Self::Today),
            ["inbox"] => Some(Self::Inbox),
            ["matters"] => Some(Self::Matters),
            ["matters", id] => id.parse().ok().map(|id| Self::Matter(id, MatterTab::Answers)),
            ["matters", id, "documents"] => {
                id.parse().ok().map(|id| Self::Matter(id, MatterTab::Documents))
            }
            ["matters", id, "identity"] => {
                id.parse().ok().map(|id| Self::Matter(id, MatterTab::Identity))
            }
            ["matters", id, "access"] => {
                id.parse().ok().map(|id| Self::Matter(id, MatterTab::Access))
            }
            ["forms"] => Some(Self::Forms),
            ["people"] => Some(Self::People),
            ["recovery"] => Some(Self::Recovery),
            ["policy"] => Some(Self::Policy),
            ["journal"] => Some(Self::Journal),
            ["access-review"] => Some(Self::AccessReview),
            ["account"] => Some(Self::Account),
            _ => None,
        };
        found.unwrap_or(Self::Missing)
    }

    /// The address of a page.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Home | Self::Missing => "/".to_owned(),
            Self::Setup => "/setup".to_owned(),
            Self::Unlock => "/unlock".to_owned(),
            Self::Join(id) => format!("/join/{id}"),
            Self::Intake(id, Step::Arrival) => format!("/i/{id}"),
            Self::Intake(id, Step::Section(at)) => format!("/i/{id}/{}", at + 1),
            Self::Intake(id, Step::Review) => format!("/i/{id}/review"),
            Self::Intake(id, Step::Receipt) => format!("/i/{id}/receipt"),
            Self::Today => "/today".to_owned(),
            Self::Inbox => "/inbox".to_owned(),
            Self::Matters => "/matters".to_owned(),
            Self::Matter(id, MatterTab::Answers) => format!("/matters/{id}"),
            Self::Matter(id, MatterTab::Documents) => format!("/matters/{id}/documents"),
            Self::Matter(id, MatterTab::Access) => format!("/matters/{id}/access"),
            Self::Matter(id, MatterTab::Identity) => format!("/matters/{id}/identity"),
            Self::Forms => "/forms".to_owned(),
            Self::People => "/people".to_owned(),
            Self::Recovery => "/recovery".to_owned(),
            Self::Policy => "/policy".to_owned(),
            Self::Journal => "/journal".to_owned(),
            Self::AccessReview => "/access-review".to_owned(),
            Self::Account => "/account".to_owned(),
        }
    }

    /// Whether the page needs unlocked keys. Written once, here.
    #[must_use]
    pub const fn needs_keys(&self) -> bool {
        matches!(
            self,
            Self::Today
                | Self::Inbox
                | Self::Matters
                | Self::Matter(..)
                | Self::Forms
                | Self::People
                | Self::Recovery
                | Self::Policy
                | Self::Journal
                | Self::AccessReview
                | Self::Account
        )
    }
}

/// Where the reader is, and the way elsewhere. Cheap to copy about.
#[derive(Debug, Clone, Copy)]
pub struct Nav {
    page: RwSignal<Page>,
    wanted: RwSignal<Option<Page>>,
}

impl Nav {
    /// Made once by the app, which reads addresses its own way; follows the browser's back and forward buttons.
    pub fn provide(parse: fn(&str) -> Page) -> Self {
        let nav = Self { page: RwSignal::new(parse(&page::path())), wanted: RwSignal::new(None) };
        let on = Closure::<dyn FnMut()>::new(move || nav.page.set(parse(&page::path())));
        let _ = page::window()
            .add_event_listener_with_callback("popstate", on.as_ref().unchecked_ref());
        // One listener, as long as the page.
        on.forget();
        provide_context(nav);
        nav
    }

    /// The app's navigation.
    ///
    /// # Panics
    /// Outside the app.
    #[must_use]
    pub fn here() -> Self {
        expect_context()
    }

    /// The page shown.
    #[must_use]
    pub fn page(self) -> Page {
        self.page.get()
    }

    /// The page shown, at this moment only.
    #[must_use]
    pub fn page_now(self) -> Page {
        self.page.get_untracked()
    }

    /// Goes to a page.
    pub fn go(self, to: Page) {
        page::push(&to.path(), false);
        page::to_top();
        self.page.set(to);
    }

    /// Goes to a page that takes the present one's place in the history.
    pub fn replace(self, to: Page) {
        page::push(&to.path(), true);
        self.page.set(to);
    }

    /// Asks for the keys first and comes back to `to` after.
    pub fn unlock_for(self, to: Page) {
        self.wanted.set(Some(to));
        self.replace(Page::Unlock);
    }

    /// Goes on to where the reader wanted to be before unlocking.
    pub fn unlocked(self) {
        let to = self.wanted.get_untracked().unwrap_or(Page::Today);
        self.wanted.set(None);
        self.replace(to);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn every_page_is_found_again_by_its_address() {
        let id = "00112233445566778899aabbccddeeff";
        let pages = [
            Page::Home,
            Page::Setup,
            Page::Unlock,
            Page::Join(id.parse().unwrap()),
            Page::Intake(id.parse().unwrap(), Step::Arrival),
            Page::Intake(id.parse().unwrap(), Step::Section(2)),
            Page::Intake(id.parse().unwrap(), Step::Review),
            Page::Intake(id.parse().unwrap(), Step::Receipt),
            Page::Today,
            Page::Inbox,
            Page::Matters,
            Page::Matter(id.parse().unwrap(), MatterTab::Answers),
            Page::Matter(id.parse().unwrap(), MatterTab::Documents),
            Page::Matter(id.parse().unwrap(), MatterTab::Access),
            Page::Matter(id.parse().unwrap(), MatterTab::Identity),
            Page::Forms,
            Page::People,
            Page::Recovery,
            Page::Policy,
            Page::Journal,
            Page::AccessReview,
            Page::Account,
        ];
        for page in pages {
            assert_eq!(Page::parse(&page.path()), page);
        }
    }

    #[wasm_bindgen_test]
    fn an_address_of_nothing_is_said_to_be_missing() {
        for path in ["/nothing", "/i/short", "/matters/0011/documents", "/today/more"] {
            assert_eq!(Page::parse(path), Page::Missing);
        }
    }
}
