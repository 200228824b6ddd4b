// What controllers and operators do with client-go, told in lines that do not depend on when or through what:
// the test runs it directly at an API server and through the hub, and compares.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// patience is how long anything may take on a loaded machine.
const patience = 60 * time.Second

type client struct {
	config    *rest.Config
	set       *kubernetes.Clientset
	namespace string
}

var commands = map[string]func(context.Context, *client) error{
	"informer":        informer,
	"protobuf":        protobuf,
	"cbor":            cbor,
	"leader-election": leaderElection,
	"exec":            exec,
	"port-forward":    portForward,
	"fallback":        fallback,
	"crd":             crd,
	"discovery":       discovered,
	"large":           large,
	"pages":           pages,
	"stress":          stress,
	"expired":         expired,
	"fill":            fill,
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "the kubeconfig")
	namespace := flag.String("namespace", "default", "where to work")
	flag.Parse()
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		log.Fatal(err)
	}
	config.QPS, config.Burst = 1_000, 2_000
	command, known := commands[flag.Arg(0)]
	if !known {
		log.Fatalf("%s: unknown (expected: one of %v)", flag.Arg(0), commands)
	}
	c := &client{config, kubernetes.NewForConfigOrDie(config), *namespace}
	ctx, cancel := context.WithTimeout(context.Background(), 4*patience)
	defer cancel()
	if err := command(ctx, c); err != nil {
		fmt.Fprintln(os.Stderr, flag.Arg(0), "failed:", err)
		os.Exit(1)
	}
	fmt.Println(flag.Arg(0), "done")
}

// until waits for something to come true.
func until(ctx context.Context, what string, met func() bool) error {
	deadline := time.After(patience)
	for !met() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline:
			return fmt.Errorf("not within %v: %s", patience, what)
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}
