package main

import (
	"context"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// between is a proxy of the kind that stands before many servers: it lets no WebSocket through, and all else.
type between struct {
	server  *httptest.Server
	refused atomic.Int64
	passed  atomic.Int64
}

func newBetween(config *rest.Config) (*between, error) {
	// Upgrades are of HTTP/1.1.
	upstream := rest.CopyConfig(config)
	upstream.TLSClientConfig.NextProtos = []string{"http/1.1"}
	transport, err := rest.TransportFor(upstream)
	if err != nil {
		return nil, err
	}
	target, err := url.Parse(config.Host)
	if err != nil {
		return nil, err
	}
	proxy := &httputil.ReverseProxy{
		Transport:     transport,
		FlushInterval: -1,
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(target) },
	}
	b := &between{}
	b.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch strings.ToLower(r.Header.Get("Upgrade")) {
		case "websocket":
			b.refused.Add(1)
			http.Error(w, "no WebSockets here", http.StatusForbidden)
			return
		case "spdy/3.1":
			b.passed.Add(1)
		}
		proxy.ServeHTTP(w, r)
	}))
	return b, nil
}

// client is a client that comes through the proxy, which knows the credentials.
func (b *between) client(namespace string) *client {
	config := &rest.Config{
		Host: b.server.URL,
		TLSClientConfig: rest.TLSClientConfig{
			CAData: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: b.server.Certificate().Raw}),
		},
	}
	return &client{config, kubernetes.NewForConfigOrDie(config), namespace}
}

// told fails unless WebSockets were refused, and as many streams of SPDY taken in their place.
func (b *between) told(what string, instead int64) error {
	refused, passed := b.refused.Swap(0), b.passed.Swap(0)
	if refused == 0 || passed != instead {
		return fmt.Errorf("%s: %d WebSockets refused, %d streams of SPDY (expected: some, %d)", what, refused, passed, instead)
	}
	fmt.Printf("%s: %d WebSockets refused, %d streams of SPDY\n", what, refused, passed)
	return nil
}

// fallback runs commands and forwards ports where WebSockets are refused on the way: SPDY has to do.
func fallback(ctx context.Context, c *client) error {
	b, err := newBetween(c.config)
	if err != nil {
		return err
	}
	defer b.server.Close()
	behind := b.client(c.namespace)
	if err := c.pod(ctx); err != nil {
		return err
	}
	if err := behind.execOver(ctx, "fallback"); err != nil {
		return err
	}
	if err := b.told("exec", 2); err != nil {
		return err
	}
	if err := behind.forwardOver(ctx, "fallback"); err != nil {
		return err
	}
	if err := b.told("port-forward", 1); err != nil {
		return err
	}
	// Who insists on WebSocket is told so.
	if err := behind.execOver(ctx, "websocket"); err == nil || !strings.Contains(err.Error(), "no WebSockets here") {
		return fmt.Errorf("found %v (expected: no WebSockets here)", err)
	}
	return b.told("without a fallback", 0)
}
