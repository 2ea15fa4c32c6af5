//! A network between the application and a store, which a test can break: packets vanish, or the reply to a commit does.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
};

/// A proxy in front of a store. Connections through it are never reset while the network is broken, and those that were
/// open then stay dead afterwards, as behind a firewall that has forgotten them.
pub(crate) struct Network {
    address: SocketAddr,
    link: Arc<NetworkLink>,
    /// Notified of data that vanished.
    vanished: Mutex<Receiver<()>>,
}

struct NetworkLink {
    store: String,
    frozen: AtomicBool,
    /// Counts how often the network was broken.
    breaks: AtomicU64,
    /// How many COMMITs pass until the network breaks: the last one reaches the store. 0 when it does not break.
    commits_until_freeze: AtomicU64,
    /// How many replies to COMMIT are still to be lost, each with its connection.
    commits_to_lose: AtomicU64,
    /// Both ends of every connection, kept open.
    held: Mutex<Vec<TcpStream>>,
}

impl NetworkLink {
    fn lock_held(&self) -> MutexGuard<'_, Vec<TcpStream>> {
        self.held.lock().unwrap()
    }

    fn freeze(&self) {
        self.breaks.fetch_add(1, Ordering::SeqCst);
        self.frozen.store(true, Ordering::SeqCst);
    }

    /// Forwards in one direction, until an end closes.
    fn forward(&self, mut from: TcpStream, mut to: TcpStream, state: &ConnectionState, vanished: &Sender<()>) {
        let mut buffer = [0; 16_384];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            let bytes = &buffer[..read];
            if state.cut.load(Ordering::SeqCst) {
                // The store has committed by now, since it answers.
                drop((from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both)));
                return;
            }
            if self.frozen.load(Ordering::SeqCst) || self.breaks.load(Ordering::SeqCst) != state.breaks_before {
                // The test may have ended.
                let _ = vanished.send(());
                continue;
            }
            let is_commit = bytes.windows(6).any(|word| word == b"COMMIT");
            let loses = |left: u64| left.checked_sub(1);
            // Before the store has it, so that its reply vanishes in any case.
            if is_commit && self.commits_until_freeze.fetch_update(Ordering::SeqCst, Ordering::SeqCst, loses) == Ok(1) {
                self.freeze();
            }
            if is_commit && self.commits_to_lose.fetch_update(Ordering::SeqCst, Ordering::SeqCst, loses).is_ok() {
                state.cut.store(true, Ordering::SeqCst);
            }
            if to.write_all(bytes).is_err() {
                break;
            }
        }
        // Only an end that closes is passed on, and only over a network that works.
        if !self.frozen.load(Ordering::SeqCst) && self.breaks.load(Ordering::SeqCst) == state.breaks_before {
            drop(to.shutdown(Shutdown::Both));
        }
    }
}

struct ConnectionState {
    breaks_before: u64,
    /// The next answer is lost, and the connection with it.
    cut: AtomicBool,
}

impl Network {
    /// A network to the store that has this URL.
    pub(crate) fn to(url: &str) -> Self {
        let url = url::Url::parse(url).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let link = Arc::new(NetworkLink {
            store: format!("{}:{}", url.host_str().unwrap(), url.port().unwrap()),
            frozen: AtomicBool::new(false),
            breaks: AtomicU64::new(0),
            commits_until_freeze: AtomicU64::new(0),
            commits_to_lose: AtomicU64::new(0),
            held: Mutex::default(),
        });
        let (sender, vanished) = channel();
        let accepting = Arc::clone(&link);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                accept(&accepting, client.unwrap(), &sender);
            }
        });
        Self { address, link, vanished: vanished.into() }
    }

    /// The URL of the store, through this network.
    pub(crate) fn url(&self, url: &str) -> String {
        let mut url = url::Url::parse(url).unwrap();
        url.set_port(Some(self.address.port())).unwrap();
        url.to_string()
    }

    /// From now on everything vanishes; no connection is closed.
    pub(crate) fn freeze(&self) {
        self.link.freeze();
    }

    /// Everything vanishes from the reply to this COMMIT on, counted from 1: the store has committed it.
    pub(crate) fn freeze_at_commit(&self, number: u64) {
        self.link.commits_until_freeze.store(number, Ordering::SeqCst);
    }

    /// New connections work again.
    pub(crate) fn thaw(&self) {
        self.link.frozen.store(false, Ordering::SeqCst);
    }

    /// The replies to this many COMMITs are lost from now on: the store has committed, and nobody learns of it.
    pub(crate) fn lose_commits(&self, count: u64) {
        self.link.commits_to_lose.store(count, Ordering::SeqCst);
    }

    /// Waits until something has vanished.
    pub(crate) fn wait_for_loss(&self) {
        self.vanished.lock().unwrap().recv().unwrap();
    }

    /// The number of ends of connections so far.
    pub(crate) fn ends(&self) -> usize {
        self.link.lock_held().len()
    }
}

fn accept(link: &Arc<NetworkLink>, client: TcpStream, vanished: &Sender<()>) {
    let frozen = link.frozen.load(Ordering::SeqCst);
    // A connection that is begun while the network is broken stays dead too.
    let breaks_before = if frozen { u64::MAX } else { link.breaks.load(Ordering::SeqCst) };
    let Ok(store) = TcpStream::connect(&link.store) else { return };
    drop((client.set_nodelay(true), store.set_nodelay(true)));
    link.lock_held().extend([client.try_clone().unwrap(), store.try_clone().unwrap()]);
    let state = Arc::new(ConnectionState { breaks_before, cut: AtomicBool::new(false) });
    for (from, to) in [(client.try_clone().unwrap(), store.try_clone().unwrap()), (store, client)] {
        let (link, state, vanished) = (Arc::clone(link), Arc::clone(&state), vanished.clone());
        std::thread::spawn(move || link.forward(from, to, &state, &vanished));
    }
}
