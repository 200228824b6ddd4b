package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/remotecommand"
)

var (
	seconds = flag.Int("seconds", 40, "how long stress goes on")
	watches = flag.Int("watches", 500, "how many watches there are")
	execs   = flag.Int("execs", 100, "how many commands run")
	direct  = flag.String("direct", "", "kubeconfig of the API server itself, for the comparison")
)

// pace is the time between two changes, and between two lines that a command is told.
const pace = 500 * time.Millisecond

// follower is one watch that must see each change, in order.
type follower struct {
	seen atomic.Int64
	// arrived is when each change came, by its number; only the follower itself writes it.
	arrived []time.Time
}

// follow watches until the context ends, and goes on where it was when the server ends the watch.
func (f *follower) follow(ctx context.Context, set *kubernetes.Clientset, namespace, version string, ready *sync.WaitGroup) error {
	first := true
	for ctx.Err() == nil {
		events, err := set.CoreV1().ConfigMaps(namespace).Watch(ctx, metav1.ListOptions{
			ResourceVersion: version, LabelSelector: "stress=yes",
		})
		if first {
			ready.Done()
			first = false
		}
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("watch: %w", err)
		}
		for event := range events.ResultChan() {
			if ctx.Err() != nil {
				return nil
			}
			object, isMap := event.Object.(*corev1.ConfigMap)
			if !isMap || event.Type == watch.Error {
				return fmt.Errorf("watch: found %v", event)
			}
			number, err := strconv.ParseInt(object.Data["number"], 10, 64)
			if err != nil {
				return err
			}
			if number != f.seen.Load()+1 {
				return fmt.Errorf("watch: after change %d came %d", f.seen.Load(), number)
			}
			f.arrived = append(f.arrived, time.Now())
			f.seen.Store(number)
			version = object.ResourceVersion
		}
	}
	return nil
}

// converse tells a command lines and waits for each to come back, and returns the longest wait.
func converse(ctx context.Context, c *client, over *atomic.Bool, ready *sync.WaitGroup) (time.Duration, int, error) {
	request := c.set.CoreV1().RESTClient().Post().Namespace(c.namespace).Resource("pods").Name("run").SubResource("exec").
		VersionedParams(&corev1.PodExecOptions{
			Command: []string{"sh", "-c", "while read line; do [ $line = end ] && exit; echo $line; done"}, Stdin: true, Stdout: true,
		}, scheme.ParameterCodec)
	executor, err := remotecommand.NewWebSocketExecutor(c.config, "GET", request.URL().String())
	if err != nil {
		ready.Done()
		return 0, 0, err
	}
	in, say := io.Pipe()
	hear, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := executor.StreamWithContext(ctx, remotecommand.StreamOptions{Stdin: in, Stdout: out})
		out.CloseWithError(fmt.Errorf("command ended: %v", err))
		if err != nil {
			in.CloseWithError(fmt.Errorf("command ended: %v", err))
		}
		ended <- err
	}()
	lines := bufio.NewReader(hear)
	var longest time.Duration
	count := 0
	for count == 0 || !over.Load() {
		start := time.Now()
		said := fmt.Sprintf("line-%d\n", count)
		if _, err := io.WriteString(say, said); err != nil {
			return 0, 0, err
		}
		heard, err := lines.ReadString('\n')
		if err != nil || heard != said {
			return 0, 0, fmt.Errorf("said %q, heard %q: %v", said, heard, err)
		}
		if count == 0 {
			// Until now the command was being started.
			ready.Done()
			ready.Wait()
		} else {
			longest = max(longest, time.Since(start))
		}
		count++
		time.Sleep(pace)
	}
	if _, err := io.WriteString(say, "end\n"); err != nil {
		return 0, 0, err
	}
	return longest, count, errors.Join(say.Close(), <-ended)
}

// stress holds watches and commands open while the cluster changes. One more watch goes to the API server itself:
// how much later than there a change comes is what hub and agent add.
func stress(ctx context.Context, c *client) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(*seconds)*time.Second+3*patience)
	defer cancel()
	if err := c.pod(ctx); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", *direct)
	if err != nil {
		return err
	}
	server := kubernetes.NewForConfigOrDie(config)
	maps := server.CoreV1().ConfigMaps(c.namespace)
	list, err := maps.List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	watching, stopWatching := context.WithCancel(ctx)
	defer stopWatching()
	failures := make(chan error, *watches+*execs+1)
	var running, open sync.WaitGroup
	followers := make([]*follower, *watches+1)
	open.Add(len(followers))
	for i := range followers {
		followers[i] = &follower{}
		set := c.set
		if i == 0 {
			set = server
		}
		running.Add(1)
		go func() {
			defer running.Done()
			if err := followers[i].follow(watching, set, c.namespace, list.ResourceVersion, &open); err != nil {
				failures <- err
			}
		}()
	}
	open.Wait()
	var talking, started sync.WaitGroup
	started.Add(*execs)
	var slowest, exchanged atomic.Int64
	var over atomic.Bool
	for range *execs {
		talking.Add(1)
		go func() {
			defer talking.Done()
			longest, count, err := converse(ctx, c, &over, &started)
			if err != nil {
				failures <- err
				return
			}
			exchanged.Add(int64(count))
			for old := slowest.Load(); int64(longest) > old && !slowest.CompareAndSwap(old, int64(longest)); old = slowest.Load() {
			}
		}()
	}
	waited := make(chan struct{})
	go func() { started.Wait(); close(waited) }()
	select {
	case <-waited:
	case err := <-failures:
		return err
	case <-time.After(patience):
		return fmt.Errorf("not within %v: all commands run", patience)
	}
	changes := int64(0)
	for stop := time.Now().Add(time.Duration(*seconds) * time.Second); time.Now().Before(stop); time.Sleep(pace) {
		changes++
		object := configMap("stressed", "")
		object.Labels["stress"] = "yes"
		object.Data["number"] = strconv.FormatInt(changes, 10)
		if changes == 1 {
			_, err = maps.Create(ctx, object, metav1.CreateOptions{})
		} else {
			_, err = maps.Update(ctx, object, metav1.UpdateOptions{})
		}
		if err != nil {
			return err
		}
		select {
		case err := <-failures:
			return err
		default:
		}
	}
	if err := until(ctx, "each watch has seen each change", func() bool {
		for _, f := range followers {
			if f.seen.Load() != changes {
				return len(failures) > 0
			}
		}
		return true
	}); err != nil {
		return err
	}
	stopWatching()
	over.Store(true)
	running.Wait()
	talking.Wait()
	select {
	case err := <-failures:
		return err
	default:
	}
	var latest time.Duration
	for _, f := range followers[1:] {
		for number, arrived := range f.arrived {
			latest = max(latest, arrived.Sub(followers[0].arrived[number]))
		}
	}
	fmt.Printf("watches=%d changes=%d latest_ms=%d execs=%d lines=%d slowest_ms=%d\n",
		*watches, changes, latest.Milliseconds(), *execs, exchanged.Load(), time.Duration(slowest.Load()).Milliseconds())
	return maps.Delete(ctx, "stressed", metav1.DeleteOptions{})
}
