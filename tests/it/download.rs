//! Price files from the web, from a server on this machine.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use aftermove::data::download::{DownloadError, download};
use aftermove::data::load::{LoadError, gather};
use aftermove::data::price_file::{PriceFileError, PriceSource};

const PRICES: &str = "date,symbol,close\n2022-09-01,NET,59.30\n2022-09-02,NET,58.69\n";

/// Answers the first request with these bytes and goes away; returns the address of `prices.csv` there.
fn serve(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/prices.csv", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let read = stream.read(&mut request).unwrap();
        assert!(String::from_utf8_lossy(&request[..read]).contains("user-agent: aftermove/"));
        stream.write_all(answer.as_bytes()).unwrap();
    });
    address
}

fn respond(status: &str, content_type: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

#[test]
fn prices_come_from_an_address_as_from_a_file() {
    let address = serve(respond("200 OK", "text/csv", PRICES));
    let loaded = gather(&[PriceSource::prices(&address)]).unwrap();
    assert_eq!(loaded.book.get("NET").unwrap().closes(), [59.30, 58.69]);
    assert_eq!((loaded.files[0].path.as_str(), loaded.files[0].rows), (address.as_str(), 2));
}

#[test]
fn a_symbol_in_a_file_and_at_an_address_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.csv");
    std::fs::write(&file, PRICES).unwrap();
    let address = serve(respond("200 OK", "text/csv", PRICES));
    let refused = gather(&[PriceSource::prices(&file), PriceSource::prices(&address)]).unwrap_err();
    match refused {
        LoadError::Prices(PriceFileError::SymbolInTwoFiles { symbol, first, second }) => {
            assert_eq!((symbol.as_str(), first.as_str(), second.as_str()), ("NET", file.to_str().unwrap(), address.as_str()));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_server_that_refuses_is_told_with_its_status() {
    let address = serve(respond("429 Too Many Requests", "text/plain", "slow down"));
    assert_eq!(download(&address), Err(DownloadError::Status { address, status: "429 Too Many Requests".to_owned() }));
}

#[test]
fn a_web_page_is_not_taken_for_prices() {
    let address = serve(respond("200 OK", "text/html; charset=utf-8", "<html>consent</html>"));
    assert_eq!(download(&address), Err(DownloadError::WebPage { address }));
}

#[test]
fn an_answer_that_is_cut_off_is_an_error() {
    let whole = respond("200 OK", "text/csv", PRICES);
    let address = serve(whole[..whole.len() - 20].to_owned());
    assert!(matches!(download(&address), Err(DownloadError::Failed { .. })));
}

#[test]
fn a_server_that_isnt_there_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let failed = download(&format!("http://{free}/prices.csv")).unwrap_err();
    assert!(failed.to_string().contains(&free.to_string()), "{failed}");
    assert!(failed.help().contains("give its path"));
}

#[test]
fn plain_http_is_taken_from_this_machine_alone() {
    for address in ["http://prices.example/prices.csv", "http://10.0.0.1/x.csv", "https://", "http://[::1"] {
        assert!(matches!(download(address), Err(DownloadError::Address { .. })), "{address}");
    }
}
