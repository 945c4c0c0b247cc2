//! Workers: other threads, where files are sealed and passphrases stretched; the crate `worker` is what
//! runs there, and `worker::serve` the other side of this file.
//!
//! The page sends `[number, job, head, body]` and gets `[number, good, head, body]` back; bodies are
//! blobs (read and made in the worker, so that the page never holds them) or buffers moved there. A worker
//! that dies, by a panic or for want of memory, is replaced and its tasks are given to another once.
//! [`Started`] ends its workers when it goes: with the one that stretches a passphrase go its 64 MiB.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::LocalBoxFuture;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use shared::secret::Secret;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, MessageEvent, Worker, WorkerOptions, WorkerType};
use worker::outside;
use worker::serve::head_of;

/// What a worker runs. Cheap to copy about.
#[derive(Clone)]
pub struct Program {
    /// The address of its script.
    pub script: String,
    /// The kind of that script.
    pub kind: WorkerType,
    /// Its compiled module, which the script waits for: these bytes were checked by the page, and a
    /// worker fetches none of its own.
    pub module: JsValue,
}

/// Where a pool gets its program when there is a task for it; `None` while it cannot be had.
pub type Source = fn() -> LocalBoxFuture<'static, Option<Program>>;

/// What a task works on.
#[derive(Clone)]
pub enum Body {
    /// Nothing.
    None,
    /// A part of a file, read by the worker.
    Blob(Blob),
    /// Bytes, moved to the worker.
    Bytes(ArrayBuffer),
}

/// A task: which job, its small parameters, and the bytes it works on.
pub struct Task {
    /// Which job, as the worker's table knows it.
    pub job: u32,
    /// Parameters, in the job's own encoding: a file's key is among them.
    pub head: Secret<Vec<u8>>,
    /// The bytes.
    pub body: Body,
}

/// What a worker made of a task.
pub struct Done {
    /// The small answer, in the job's own encoding: of a passphrase, the key that it gives.
    pub head: Secret<Vec<u8>>,
    /// The bytes, with the browser.
    pub body: Option<Blob>,
}

/// Why a task was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskFailed {
    /// The job said no; its code.
    Refused(u32),
    /// Workers died of it, or none can be started.
    Died,
    /// Their program could not be fetched: later perhaps.
    Absent,
}

type Answer = oneshot::Sender<Result<Done, TaskFailed>>;

struct Waiting {
    task: Task,
    tries: u8,
    answer: Answer,
}

struct Hand {
    worker: Worker,
    ready: bool,
    /// What it has in hand, the oldest first.
    busy: VecDeque<(u32, Waiting)>,
    // Kept alive with the worker.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

/// Tasks that a worker has at once: while the browser reads or hashes for one, it works on the other.
const IN_HAND: usize = 2;

struct Inner {
    size: usize,
    source: Source,
    program: Option<Program>,
    next: u32,
    hands: BTreeMap<u32, Hand>,
    queue: VecDeque<Waiting>,
    deaths: u32,
}

/// A few workers and the tasks that wait for them. Cheap to copy about.
#[derive(Clone)]
pub struct Pool(Rc<RefCell<Inner>>);

impl Pool {
    /// A pool of this size; workers start with the first task.
    #[must_use]
    pub fn new(size: usize, source: Source) -> Self {
        Self(Rc::new(RefCell::new(Inner {
            size: size.max(1),
            source,
            program: None,
            next: 0,
            hands: BTreeMap::new(),
            queue: VecDeque::new(),
            deaths: 0,
        })))
    }

    /// How many tasks can run at once.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.borrow().size
    }

    /// How many workers there are at this moment.
    #[must_use]
    pub fn started(&self) -> usize {
        self.0.borrow().hands.len()
    }

    /// How many parts of a file to have in hand, in the works or on their way: as many as the workers take,
    /// and two besides, since a part waits for the other side's disk longer than for a worker. Never more
    /// than eight, which is what memory holds: each is in two buffers of 4 MiB.
    #[must_use]
    pub fn at_once(&self) -> usize {
        (self.size() * IN_HAND + 2).min(8)
    }

    /// Runs a task on the next free worker.
    ///
    /// # Errors
    /// [`TaskFailed`].
    pub async fn run(&self, task: Task) -> Result<Done, TaskFailed> {
        self.prepare().await?;
        let (answer, wait) = oneshot::channel();
        self.0.borrow_mut().queue.push_back(Waiting { task, tries: 0, answer });
        self.give_out();
        wait.await.unwrap_or(Err(TaskFailed::Died))
    }

    /// Starts a worker before there is a task for it.
    pub async fn stand_by(&self) {
        if self.prepare().await.is_ok() {
            let mut inner = self.0.borrow_mut();
            // Nobody may be waiting any more: then there is room for none.
            if inner.hands.is_empty() && inner.size > 0 {
                self.start(&mut inner);
            }
        }
    }

    /// Ends all workers; what waited is told so.
    pub fn end(&self) {
        let mut inner = self.0.borrow_mut();
        for hand in inner.hands.values() {
            hand.worker.terminate();
        }
        inner.hands.clear();
        inner.queue.clear();
    }

    async fn prepare(&self) -> Result<(), TaskFailed> {
        let source = {
            let inner = self.0.borrow();
            if inner.program.is_some() {
                return Ok(());
            }
            inner.source
        };
        let program = source().await.ok_or(TaskFailed::Absent)?;
        self.0.borrow_mut().program = Some(program);
        Ok(())
    }

    fn give_out(&self) {
        let mut inner = self.0.borrow_mut();
        while inner.hands.len() < inner.size.min(inner.queue.len() + busy(&inner)) {
            if !self.start(&mut inner) {
                for waiting in inner.queue.drain(..) {
                    let _ = waiting.answer.send(Err(TaskFailed::Died));
                }
                return;
            }
        }
        let Inner { hands, queue, next, .. } = &mut *inner;
        // Nobody gets a second task while another has none.
        for in_hand in 0..IN_HAND {
            for hand in hands.values_mut().filter(|hand| hand.ready && hand.busy.len() == in_hand) {
                let Some(waiting) = queue.pop_front() else { return };
                let id = *next;
                *next = id.wrapping_add(1);
                if post(&hand.worker, id, &waiting.task) {
                    hand.busy.push_back((id, waiting));
                } else {
                    let _ = waiting.answer.send(Err(TaskFailed::Died));
                }
            }
        }
    }

    fn start(&self, inner: &mut Inner) -> bool {
        let Some(worker) = inner.program.as_ref().and_then(spawn) else { return false };
        let name = inner.next;
        inner.next = inner.next.wrapping_add(1);
        let pool = self.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            pool.heard(name, &event.data());
        });
        let pool = self.clone();
        let on_error = Closure::<dyn FnMut(JsValue)>::new(move |_| pool.died(name));
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let hand = Hand {
            worker,
            ready: false,
            busy: VecDeque::new(),
            _on_message: on_message,
            _on_error: on_error,
        };
        inner.hands.insert(name, hand);
        true
    }

    fn heard(&self, name: u32, data: &JsValue) {
        let mut inner = self.0.borrow_mut();
        let Some(hand) = inner.hands.get_mut(&name) else { return };
        if hand.ready {
            let message: &Array = data.unchecked_ref();
            let number = message.get(0).as_f64();
            let of_this = |(id, _): &(u32, Waiting)| number == Some(f64::from(*id));
            // The younger of two may be done first.
            if let Some(at) = hand.busy.iter().position(of_this)
                && let Some((_, waiting)) = hand.busy.remove(at)
            {
                inner.deaths = 0;
                let _ = waiting.answer.send(read_answer(message));
            }
        } else {
            hand.ready = true;
        }
        drop(inner);
        self.give_out();
    }

    fn died(&self, name: u32) {
        let mut inner = self.0.borrow_mut();
        let Some(hand) = inner.hands.remove(&name) else { return };
        hand.worker.terminate();
        inner.deaths += 1;
        // The oldest goes first again.
        for (_, mut waiting) in hand.busy.into_iter().rev() {
            waiting.tries += 1;
            // A body that was moved into the dead worker is gone; a blob can be read again.
            let again = waiting.tries < 2 && !matches!(waiting.task.body, Body::Bytes(_));
            if again {
                inner.queue.push_front(waiting);
            } else {
                let _ = waiting.answer.send(Err(TaskFailed::Died));
            }
        }
        // Scripts that cannot start at all must not be started for ever.
        if inner.deaths > 6 {
            for waiting in inner.queue.drain(..) {
                let _ = waiting.answer.send(Err(TaskFailed::Died));
            }
        }
        // The closures of `hand` are on the stack of this very call: let them go a turn later.
        leptos::task::spawn_local(async move {
            super::clock::sleep(0).await;
            drop(hand._on_message);
            drop(hand._on_error);
        });
        drop(inner);
        self.give_out();
    }
}

/// A pool whose workers end with it: whoever no longer waits needs none either.
pub struct Started(Pool);

impl Started {
    /// A pool of this size.
    #[must_use]
    pub fn pool(size: usize, source: Source) -> Self {
        Self(Pool::new(size, source))
    }
}

impl core::ops::Deref for Started {
    type Target = Pool;

    fn deref(&self) -> &Pool {
        &self.0
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // Who still prepares one in a clone starts none.
        self.0.0.borrow_mut().size = 0;
        self.0.end();
    }
}

fn busy(inner: &Inner) -> usize {
    inner.hands.values().filter(|hand| !hand.busy.is_empty()).count()
}

fn spawn(program: &Program) -> Option<Worker> {
    let options = WorkerOptions::new();
    options.set_type(program.kind);
    let worker = Worker::new_with_options(&program.script, &options).ok()?;
    worker.post_message(&program.module).ok()?;
    Some(worker)
}

fn post(worker: &Worker, id: u32, task: &Task) -> bool {
    // EXPOSE: moved to a worker of this page, so that no copy stays here.
    let head = Uint8Array::from(task.head.expose().as_slice());
    let moved = Array::of1(&head.buffer());
    let body = match &task.body {
        Body::None => JsValue::NULL,
        Body::Blob(blob) => blob.clone().into(),
        Body::Bytes(bytes) => {
            moved.push(bytes);
            bytes.clone().into()
        }
    };
    let message = Array::of4(&id.into(), &task.job.into(), &head, &body);
    let posted = worker.post_message_with_transfer(&message, &moved).is_ok();
    outside::wipe(&head);
    posted
}

fn read_answer(message: &Array) -> Result<Done, TaskFailed> {
    if message.get(1).as_bool() != Some(true) {
        return Err(TaskFailed::Refused(message.get(2).as_f64().unwrap_or_default() as u32));
    }
    let body = message.get(3).dyn_into().ok().inspect(outside::weigh);
    Ok(Done { head: head_of(message), body })
}
