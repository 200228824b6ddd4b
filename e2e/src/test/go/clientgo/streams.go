package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/transport/spdy"
)

// pod makes one and waits until it runs.
func (c *client) pod(ctx context.Context) error {
	pods := c.set.CoreV1().Pods(c.namespace)
	if _, err := pods.Create(ctx, &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "run"},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "example.com/run:1"}}},
	}, metav1.CreateOptions{}); err != nil && !strings.Contains(err.Error(), "already exists") {
		return err
	}
	return until(ctx, "pod runs", func() bool {
		pod, err := pods.Get(ctx, "run", metav1.GetOptions{})
		return err == nil && pod.Status.Phase == corev1.PodRunning
	})
}

// exec runs commands over WebSocket, over SPDY, and over the first of the two that the server takes.
func exec(ctx context.Context, c *client) error {
	if err := c.pod(ctx); err != nil {
		return err
	}
	for _, kind := range []string{"websocket", "spdy", "fallback"} {
		if err := c.execOver(ctx, kind); err != nil {
			return err
		}
	}
	return nil
}

func (c *client) execOver(ctx context.Context, kind string) error {
	input := make([]byte, 1<<20)
	rand.New(rand.NewSource(1)).Read(input)
	run := func(command string, stdin io.Reader) (string, string, error) {
		request := c.set.CoreV1().RESTClient().Post().Namespace(c.namespace).Resource("pods").Name("run").SubResource("exec").
			VersionedParams(&corev1.PodExecOptions{
				Command: []string{"sh", "-c", command}, Stdin: stdin != nil, Stdout: true, Stderr: true,
			}, scheme.ParameterCodec)
		executor, err := c.executor(kind, request.URL().String())
		if err != nil {
			return "", "", err
		}
		var stdout, stderr bytes.Buffer
		err = executor.StreamWithContext(ctx, remotecommand.StreamOptions{Stdin: stdin, Stdout: &stdout, Stderr: &stderr})
		return stdout.String(), stderr.String(), err
	}
	out, err2, err := run("echo out; echo err >&2; exit 7", nil)
	// The test cluster's nodes tell the code in words of their own.
	if err == nil || !strings.HasSuffix(err.Error(), "exit status 7") {
		return fmt.Errorf("%s: found %v (expected: exit status 7)", kind, err)
	}
	fmt.Printf("%s: %q %q %v\n", kind, out, err2, err)
	out, _, err = run(fmt.Sprintf("head -c %d | sha256sum", len(input)), bytes.NewReader(input))
	if err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	fmt.Println(kind, "took all of its input:", strings.HasPrefix(out, fmt.Sprintf("%x", sha256.Sum256(input))))
	return nil
}

func (c *client) executor(kind, url string) (remotecommand.Executor, error) {
	overSpdy, err := remotecommand.NewSPDYExecutor(c.config, http.MethodPost, mustParse(url))
	if err != nil || kind == "spdy" {
		return overSpdy, err
	}
	overWebSocket, err := remotecommand.NewWebSocketExecutor(c.config, http.MethodGet, url)
	if err != nil || kind == "websocket" {
		return overWebSocket, err
	}
	return remotecommand.NewFallbackExecutor(overWebSocket, overSpdy, httpstream.IsUpgradeFailure)
}

// portForward sends bytes to and fro over both protocols.
func portForward(ctx context.Context, c *client) error {
	if err := c.pod(ctx); err != nil {
		return err
	}
	for _, kind := range []string{"websocket", "spdy"} {
		if err := c.forwardOver(ctx, kind); err != nil {
			return err
		}
	}
	return nil
}

func (c *client) forwardOver(ctx context.Context, kind string) error {
	dialer, err := c.dialer(kind)
	if err != nil {
		return err
	}
	stop, ready := make(chan struct{}), make(chan struct{})
	forwarder, err := portforward.New(dialer, []string{"0:8080"}, stop, ready, io.Discard, io.Discard)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- forwarder.ForwardPorts() }()
	select {
	case <-ready:
	case err := <-ended:
		return fmt.Errorf("%s: %w", kind, err)
	case <-ctx.Done():
		return ctx.Err()
	}
	ports, err := forwarder.GetPorts()
	if err != nil {
		return err
	}
	body := bytes.Repeat([]byte(kind), 100_000)
	response, err := http.Post(fmt.Sprintf("http://127.0.0.1:%d/echo", ports[0].Local), "text/plain", bytes.NewReader(body))
	if err != nil {
		return err
	}
	echoed, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	fmt.Println(kind, "forwarded and back:", bytes.Equal(body, echoed))
	close(stop)
	return <-ended
}

func (c *client) dialer(kind string) (httpstream.Dialer, error) {
	url := c.set.CoreV1().RESTClient().Post().Namespace(c.namespace).Resource("pods").Name("run").SubResource("portforward").URL()
	transport, upgrader, err := spdy.RoundTripperFor(c.config)
	if err != nil {
		return nil, err
	}
	overSpdy := spdy.NewDialer(upgrader, &http.Client{Transport: transport}, http.MethodPost, url)
	if kind == "spdy" {
		return overSpdy, nil
	}
	overWebSocket, err := portforward.NewSPDYOverWebsocketDialer(url, c.config)
	if err != nil || kind == "websocket" {
		return overWebSocket, err
	}
	return portforward.NewFallbackDialer(overWebSocket, overSpdy, httpstream.IsUpgradeFailure), nil
}
