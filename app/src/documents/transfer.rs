//! Sends one document: parts sealed in parallel by the pool, sent as they are ready, begun again
//! where they stopped, and filed when all of them are kept.

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use shared::client::ClientError;
use shared::client::filing::Filing;
use shared::client::upload::{FileFacts, Plan};
use shared::crypto::manifest::FileKind;
use shared::problem::Code;

use leptos::prelude::*;

use super::job::{self, JobFailed};
use super::row::{Row, State, Wish};
use crate::net::client::online;
use crate::net::host::BrowserHost;
use crate::platform::clock::{now, sleep};
use crate::platform::file::{Blob, Picked};
use crate::platform::worker::Pool;

/// How sending ended.
pub enum Ended {
    /// Filed.
    Filed,
    /// The reader paused or cancelled.
    Stopped,
    /// The file is not, or no longer, the one that was begun.
    Changed,
    /// Anything else.
    Failed(ClientError),
}

/// A document, with everything needed to send it.
pub struct Transfer<'a, F> {
    /// Whoever hands it in: a client at an invitation, or somebody of the firm.
    pub core: &'a F,
    /// The workers.
    pub pool: &'a Pool,
    /// The file.
    pub file: &'a Picked,
    /// What the page shows of it.
    pub row: Row,
}

/// What is known of a file before it is read.
#[must_use]
pub fn facts(file: &Picked) -> FileFacts {
    FileFacts {
        name: file.name(),
        mime: file.media_type(),
        size: file.size(),
        modified: file.modified(),
    }
}

impl<F: Filing<BrowserHost>> Transfer<'_, F> {
    /// Begins the upload; waits for the network as long as it takes.
    ///
    /// # Errors
    /// [`Ended`], when it cannot begin.
    pub async fn begin(&self) -> Result<Plan, Ended> {
        let facts = facts(self.file);
        let identity = self.row.identity.get_untracked();
        let kind = if identity { FileKind::Identification } else { FileKind::Document };
        let mut tries = 0;
        loop {
            match self.core.begin_file(&facts, kind).await {
                Ok(plan) => return Ok(plan),
                Err(error) => self.wait_or_fail(error, &mut tries).await?,
            }
        }
    }

    /// Sends what is missing, and files the document.
    pub async fn send(&self, plan: &Plan) -> Ended {
        match self.send_all(plan).await {
            Ok(()) => Ended::Filed,
            Err(ended) => ended,
        }
    }

    async fn send_all(&self, plan: &Plan) -> Result<(), Ended> {
        self.row.state.set(State::Running);
        let kept = self.kept(plan).await?;
        let done = kept.iter().map(|index| plan.range(*index).1).sum();
        self.row.pace.update(|pace| *pace = crate::net::pace::Pace::new(pace.total(), done, now()));
        self.send_parts(plan, &kept).await?;
        // Paused or given up while the last parts were on their way: they are kept, and nothing is filed.
        self.go_on()?;
        let mut tries = 0;
        loop {
            match self.core.file_document(plan).await {
                Ok(_) => return Ok(()),
                Err(error) => self.wait_or_fail(error, &mut tries).await?,
            }
        }
    }

    /// Parts that the server has already, after making sure that the file is still the same.
    async fn kept(&self, plan: &Plan) -> Result<Vec<u32>, Ended> {
        let mut tries = 0;
        let kept = loop {
            match self.core.kept_parts(plan).await {
                Ok(kept) => break kept,
                Err(error) => self.wait_or_fail(error, &mut tries).await?,
            }
        };
        for index in &kept {
            let mut tries = 0;
            let root = loop {
                self.go_on()?;
                let part = self.piece(plan, *index).ok_or(Ended::Changed)?;
                let size = plan.facts().size;
                match job::check(self.pool, plan.job(), *index, size, part).await {
                    Err(JobFailed::Unreachable) => {
                        self.wait_or_fail(ClientError::Unreachable, &mut tries).await?;
                    }
                    done => break done.map_err(|failed| self.ended_by(failed))?,
                }
            };
            plan.check_again(*index, root).map_err(|_| Ended::Changed)?;
        }
        Ok(kept)
    }

    async fn send_parts(&self, plan: &Plan, kept: &[u32]) -> Result<(), Ended> {
        let mut rest = (0..plan.parts()).filter(|index| !kept.contains(index));
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < self.pool.at_once() {
                let Some(index) = rest.next() else { break };
                running.push(self.send_part(plan, index));
            }
            match running.next().await {
                None => return Ok(()),
                Some(done) => done?,
            }
        }
    }

    async fn send_part(&self, plan: &Plan, index: u32) -> Result<(), Ended> {
        let size = plan.facts().size;
        let mut tries = 0;
        loop {
            self.go_on()?;
            let part = self.piece(plan, index).ok_or(Ended::Changed)?;
            let sealed = match job::seal(self.pool, plan.job(), index, size, part).await {
                Ok(sealed) => self.core.send_part(plan, sealed).await,
                Err(JobFailed::Unreachable) => Err(ClientError::Unreachable),
                Err(failed) => return Err(self.ended_by(failed)),
            };
            match sealed {
                Ok(()) => {
                    self.row.pace.update(|pace| pace.arrived(plan.range(index).1, now()));
                    if self.row.state.get_untracked() == State::Offline {
                        self.row.state.set(State::Running);
                    }
                    return Ok(());
                }
                Err(error) => self.wait_or_fail(error, &mut tries).await?,
            }
        }
    }

    fn piece(&self, plan: &Plan, index: u32) -> Option<Blob> {
        let (start, len) = plan.range(index);
        self.file.slice(start, start + len)
    }

    fn go_on(&self) -> Result<(), Ended> {
        if self.row.wish.get_untracked() == Wish::Go { Ok(()) } else { Err(Ended::Stopped) }
    }

    fn ended_by(&self, failed: JobFailed) -> Ended {
        match failed {
            _ if self.row.wish.get_untracked() != Wish::Go => Ended::Stopped,
            JobFailed::Changed => Ended::Changed,
            JobFailed::Unreachable => Ended::Failed(ClientError::Unreachable),
            JobFailed::NoWorker | JobFailed::Unverified => Ended::Failed(ClientError::Store),
        }
    }

    /// Waits when trying again may help; otherwise it is over.
    async fn wait_or_fail(&self, error: ClientError, tries: &mut u32) -> Result<(), Ended> {
        let again = matches!(
            error,
            ClientError::Unreachable | ClientError::Wait(_) | ClientError::Refused(Code::Busy)
        );
        if error == ClientError::FileChanged {
            return Err(Ended::Changed);
        }
        if !again {
            return Err(Ended::Failed(error));
        }
        *tries += 1;
        // A session that ended is opened again at once; only the second failure in a row is news.
        if *tries > 1 || !online() {
            self.row.state.set(State::Offline);
        }
        let seconds = if *tries == 1 { 1 } else { 1_u32 << (*tries).min(5) };
        let cut = !online();
        for _ in 0..seconds {
            self.go_on()?;
            sleep(1000).await;
            if cut && online() {
                break;
            }
        }
        // Whether it runs again shows when the next part has arrived.
        self.row.pace.update(|pace| pace.resumed(now()));
        Ok(())
    }
}
