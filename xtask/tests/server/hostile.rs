//! Clients that mean no good, or want too much at once.

use super::*;

#[test]
fn nothing_outside_the_folder_can_be_reached() {
    let site = site(|_| {});
    let paths = [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/assets/wasm-12/../../../secret.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/.%00./secret.txt",
        "/%ff%fe",
        "http://here/../secret.txt",
    ];
    for path in paths {
        let answer = site.ask("GET", path, &[]);
        assert!(
            (300..500).contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        assert!(
            !String::from_utf8_lossy(&answer.body).contains("secret"),
            "{path}"
        );
    }
    site.assert_is_up("paths that lead outside");
}

#[test]
fn odd_methods_are_refused() {
    let site = site(|_| {});
    for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "BREW"] {
        assert_eq!(site.ask(method, "/", &[]).status, 405, "{method}");
    }
    site.assert_is_up("odd methods");
}

#[test]
fn what_is_no_request_is_refused() {
    let site = site(|options| options.patience = Duration::from_millis(300));
    let long_path = format!(
        "GET /{} HTTP/1.1\r\nHost: here\r\n\r\n",
        "a".repeat(1 << 20)
    );
    let long_field = format!(
        "GET / HTTP/1.1\r\nHost: here\r\nX: {}\r\n\r\n",
        "a".repeat(1 << 20)
    );
    let many_fields = format!(
        "GET / HTTP/1.1\r\nHost: here\r\n{}\r\n",
        "X: a\r\n".repeat(5000)
    );
    let cases: [&[u8]; 8] = [
        long_path.as_bytes(),
        long_field.as_bytes(),
        many_fields.as_bytes(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0\0\0\0\0\0",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzzzz",
    ];
    for bytes in cases {
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(20)]).into_owned();
        let answer = site.send(bytes);
        // The page itself has no secrets, so an answer is fine for a request that is one up to its body.
        assert!(
            answer.len() < 2000,
            "{start:?} was answered with {} bytes",
            answer.len()
        );
        site.assert_is_up(&format!("{start:?}"));
    }
}

#[test]
fn a_client_that_says_nothing_is_shown_out() {
    let site = site(|options| options.patience = Duration::from_millis(300));
    for begun in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: here\r\n"] {
        let since = Instant::now();
        let mut stream = site.connect();
        stream.write_all(begun.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // Closed with or without an answer, even reset: but within the server's patience, not ours.
        let ended = stream.read_to_end(&mut answer);
        assert!(
            !ended.is_err_and(|error| error.kind() == ErrorKind::WouldBlock),
            "{begun:?} is still waited for"
        );
        assert!(
            since.elapsed() < Duration::from_secs(5),
            "{begun:?} took {:?}",
            since.elapsed()
        );
    }
    site.assert_is_up("silent clients");
}

#[test]
fn a_client_that_never_comes_to_the_point_is_shown_out() {
    let site = site(|options| options.patience = Duration::from_millis(300));
    let since = Instant::now();
    let mut stream = site.connect();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: here\r\n")
        .unwrap();
    // A sign now and then keeps a connection busy; it must not keep it open.
    while stream.write_all(b"X: a\r\n").is_ok() {
        assert!(
            since.elapsed() < Duration::from_secs(10),
            "it is still listened to"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    site.assert_is_up("a client that drips");
}

#[test]
fn bytes_of_chance_do_no_harm() {
    let site = site(|options| options.patience = Duration::from_millis(50));
    let whole = b"GET /assets/wasm-12/locklab_bg.wasm HTTP/1.1\r\nHost: here\r\nConnection: close\r\nIf-None-Match: \"a\"\r\nAccept-Encoding: gzip, br\r\n\r\n";
    // Marsaglia's xorshift: the same bytes in every run.
    let mut state = 1_u32;
    let mut chance = |most: usize| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as usize % most
    };
    for _ in 0..400 {
        let mut bytes = whole.to_vec();
        for _ in 0..=chance(6) {
            let at = chance(bytes.len());
            match chance(3) {
                0 => bytes[at] = chance(256) as u8,
                1 => bytes.insert(at, b"\r\n \0/:%"[chance(7)]),
                _ => bytes.truncate(at.max(1)),
            }
        }
        // Answered or refused; but it comes to an end.
        site.send(&bytes);
    }
    site.assert_is_up("400 requests of chance");
}

#[test]
fn a_client_that_takes_nothing_is_shown_out() {
    let site = site(|options| options.patience = Duration::from_millis(300));
    // More than the system's buffers hold on the way.
    fs::write(site.folder.path().join("dist/big.bin"), vec![7; 24 << 20]).unwrap();
    let mut stream = site.connect();
    stream
        .write_all(b"GET /big.bin HTTP/1.1\r\nHost: here\r\n\r\n")
        .unwrap();
    assert_eq!(stream.peek(&mut [0]).unwrap(), 1);
    std::thread::sleep(Duration::from_secs(2));
    let mut taken = Vec::new();
    let _ = stream.read_to_end(&mut taken);
    assert!(
        taken.len() < 24 << 20,
        "all of it came, though nobody took it for 2 s"
    );
    site.assert_is_up("a client that takes nothing");
}

#[test]
fn a_crowd_of_silent_clients_does_not_keep_others_out() {
    let site = site(|options| options.patience = Duration::from_millis(500));
    let crowd: Vec<_> = (0..700)
        .map_while(|_| TcpStream::connect(site.address()).ok())
        .collect();
    assert!(crowd.len() > 512, "only {} clients got in", crowd.len());
    site.assert_is_up("a crowd");
}

#[test]
fn many_readers_at_once_are_all_served() {
    let site = site(|_| {});
    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| assert_eq!(site.get("/lock-lab.js").body.len(), 5500));
        }
    });
}
