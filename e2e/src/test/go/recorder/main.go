// A proxy that writes down every request as it came in and every response as its server gave it. One JSON line
// when a request begins, one when its response has ended. Only the standard library, so that nothing of ours,
// and nothing of the clients that are compared, stands behind what it says.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"hash"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
)

// kept is how much of a body is written down; of the rest only length and hash are.
const kept = 4 << 20

type body struct {
	Bytes  int64  `json:"bytes"`
	Sha256 string `json:"sha256"`
	// Text is base64 in JSON.
	Text []byte `json:"text"`
}

type message struct {
	Proto   string      `json:"proto"`
	Header  http.Header `json:"header"`
	Length  int64       `json:"length"`
	Trailer http.Header `json:"trailer"`
	Body    body        `json:"body"`
}

type record struct {
	ID       int64    `json:"id"`
	Ended    bool     `json:"ended"`
	Method   string   `json:"method"`
	Target   string   `json:"target"`
	Host     string   `json:"host"`
	Status   int      `json:"status"`
	Request  *message `json:"request"`
	Response *message `json:"response"`
}

type tee struct {
	io.ReadCloser
	mutex sync.Mutex
	sum   hash.Hash
	bytes int64
	text  bytes.Buffer
}

func newTee(of io.ReadCloser) *tee { return &tee{ReadCloser: of, sum: sha256.New()} }

func (t *tee) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.sum.Write(p[:n])
	t.bytes += int64(n)
	if room := kept - t.text.Len(); room > 0 {
		t.text.Write(p[:min(n, room)])
	}
	return n, err
}

func (t *tee) body(encoding string) body {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	text := t.text.Bytes()
	if encoding == "gzip" {
		if zipped, err := gzip.NewReader(bytes.NewReader(text)); err == nil {
			// Of a body that broke off, what there is.
			text, _ = io.ReadAll(io.LimitReader(zipped, kept))
		}
	}
	return body{t.bytes, hex.EncodeToString(t.sum.Sum(nil)), text}
}

type recorder struct {
	mutex sync.Mutex
	out   *json.Encoder
	ids   atomic.Int64
	proxy *httputil.ReverseProxy
}

func (r *recorder) write(of record) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if err := r.out.Encode(of); err != nil {
		log.Fatal(err)
	}
}

type exchange struct {
	record   record
	response *tee
	trailer  func() http.Header
}

type key struct{}

func (r *recorder) ServeHTTP(w http.ResponseWriter, in *http.Request) {
	of := &exchange{record: record{
		ID: r.ids.Add(1), Method: in.Method, Target: in.RequestURI, Host: in.Host,
		Request: &message{Proto: in.Proto, Header: in.Header.Clone(), Length: in.ContentLength},
	}}
	r.write(of.record)
	request := newTee(in.Body)
	in.Body = request
	if in.ContentLength > 0 && in.ContentLength <= kept {
		// A server that answers early would leave the rest unread.
		whole, err := io.ReadAll(request)
		in.Body = io.NopCloser(bytes.NewReader(whole))
		if err != nil {
			in.Body = request
		}
	}
	defer func() {
		of.record.Ended = true
		of.record.Request.Body = request.body(in.Header.Get("Content-Encoding"))
		of.record.Request.Trailer = in.Trailer
		if of.response != nil {
			of.record.Response.Body = of.response.body(of.record.Response.Header.Get("Content-Encoding"))
			of.record.Response.Trailer = of.trailer()
		}
		r.write(of.record)
	}()
	r.proxy.ServeHTTP(w, in.WithContext(context.WithValue(in.Context(), key{}, of)))
}

func (r *recorder) answered(response *http.Response) error {
	of := response.Request.Context().Value(key{}).(*exchange)
	of.record.Status = response.StatusCode
	of.record.Response = &message{Proto: response.Proto, Header: response.Header.Clone(), Length: response.ContentLength}
	if response.StatusCode != http.StatusSwitchingProtocols {
		of.response = newTee(response.Body)
		of.trailer = func() http.Header { return response.Trailer }
		response.Body = of.response
	}
	return nil
}

// upgrades go over HTTP/1.1, everything else over HTTP/2, as clients of Kubernetes do it.
type byUpgrade struct{ plain, upgrade http.RoundTripper }

func (t byUpgrade) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Header.Get("Upgrade") != "" {
		return t.upgrade.RoundTrip(request)
	}
	return t.plain.RoundTrip(request)
}

func main() {
	port := flag.Int("port", 0, "where to listen, on 127.0.0.1")
	certificate := flag.String("cert", "", "certificate to show to clients, PEM")
	privateKey := flag.String("key", "", "its key, PEM")
	upstream := flag.String("upstream", "", "https://host:port of the server behind")
	ca := flag.String("ca", "", "whom to trust of it, PEM")
	clientCertificate := flag.String("client-cert", "", "certificate to show to it, PEM; none if empty")
	clientKey := flag.String("client-key", "", "its key, PEM")
	output := flag.String("record", "", "the file to write to")
	flag.Parse()

	shown, err := tls.LoadX509KeyPair(*certificate, *privateKey)
	if err != nil {
		log.Fatal(err)
	}
	pem, err := os.ReadFile(*ca)
	if err != nil {
		log.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(pem)
	dial := &tls.Config{RootCAs: trusted}
	if *clientCertificate != "" {
		own, err := tls.LoadX509KeyPair(*clientCertificate, *clientKey)
		if err != nil {
			log.Fatal(err)
		}
		dial.Certificates = []tls.Certificate{own}
	}
	behind, err := url.Parse(*upstream)
	if err != nil {
		log.Fatal(err)
	}
	file, err := os.OpenFile(*output, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		log.Fatal(err)
	}
	recorder := &recorder{out: json.NewEncoder(file)}
	recorder.proxy = &httputil.ReverseProxy{
		Rewrite: func(request *httputil.ProxyRequest) {
			request.Out.URL.Scheme = behind.Scheme
			request.Out.URL.Host = behind.Host
			request.Out.URL.RawQuery = request.In.URL.RawQuery
			request.Out.Host = behind.Host
			for name, values := range request.In.Header {
				if strings.HasPrefix(name, "X-Forwarded-") || name == "Forwarded" {
					request.Out.Header[name] = values
				}
			}
		},
		Transport: byUpgrade{
			plain:   &http.Transport{TLSClientConfig: dial, ForceAttemptHTTP2: true, DisableCompression: true},
			upgrade: &http.Transport{TLSClientConfig: dial.Clone(), DisableCompression: true, TLSNextProto: map[string]func(string, *tls.Conn) http.RoundTripper{}},
		},
		FlushInterval:  -1,
		ModifyResponse: recorder.answered,
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Handler: recorder, TLSConfig: &tls.Config{Certificates: []tls.Certificate{shown}, NextProtos: []string{"h2", "http/1.1"}}}
	log.Fatal(server.ServeTLS(listener, "", ""))
}
