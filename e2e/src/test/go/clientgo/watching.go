package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

func configMap(name, value string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"made-by": "clientgo"}},
		Data:       map[string]string{"key": value},
	}
}

// informer runs a shared informer through the life of some objects. With KUBE_FEATURE_WatchListClient=true its
// first list comes as a watch, where the server offers that.
func informer(ctx context.Context, c *client) error {
	maps := c.set.CoreV1().ConfigMaps(c.namespace)
	mine := metav1.ListOptions{LabelSelector: "made-by=clientgo"}
	if err := maps.DeleteCollection(ctx, metav1.DeleteOptions{}, mine); err != nil {
		return err
	}
	for i := range 20 {
		if _, err := maps.Create(ctx, configMap(fmt.Sprintf("informed-%d", i), "old"), metav1.CreateOptions{}); err != nil {
			return err
		}
	}
	var streamed atomic.Int32
	config := rest.CopyConfig(c.config)
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(request *http.Request) (*http.Response, error) {
			response, err := next.RoundTrip(request)
			if err == nil && request.URL.Query().Get("sendInitialEvents") == "true" {
				streamed.Store(int32(response.StatusCode))
			}
			return response, err
		})
	})
	factory := informers.NewSharedInformerFactoryWithOptions(kubernetes.NewForConfigOrDie(config), time.Hour,
		informers.WithNamespace(c.namespace),
		informers.WithTweakListOptions(func(o *metav1.ListOptions) { o.LabelSelector = mine.LabelSelector }))
	var added, updated, deleted atomic.Int32
	watched := factory.Core().V1().ConfigMaps()
	if _, err := watched.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { added.Add(1) },
		UpdateFunc: func(any, any) { updated.Add(1) },
		DeleteFunc: func(any) { deleted.Add(1) },
	}); err != nil {
		return err
	}
	stop := make(chan struct{})
	defer factory.Shutdown()
	defer close(stop)
	factory.Start(stop)
	factory.WaitForCacheSync(stop)
	if err := until(ctx, "20 added", func() bool { return added.Load() == 20 }); err != nil {
		return err
	}
	for i := range 10 {
		if _, err := maps.Update(ctx, configMap(fmt.Sprintf("informed-%d", i), "new"), metav1.UpdateOptions{}); err != nil {
			return err
		}
	}
	for i := range 5 {
		if err := maps.Delete(ctx, fmt.Sprintf("informed-%d", i), metav1.DeleteOptions{}); err != nil {
			return err
		}
	}
	if err := until(ctx, "10 updated, 5 deleted", func() bool { return updated.Load() == 10 && deleted.Load() == 5 }); err != nil {
		return err
	}
	left, err := watched.Lister().ConfigMaps(c.namespace).List(labels.Everything())
	if err != nil {
		return err
	}
	fmt.Println("added 20, updated 10, deleted 5, left", len(left), "first list as a stream:", streamed.Load())
	return nil
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// protobuf makes, reads, lists and watches an object in the binary form.
func protobuf(ctx context.Context, c *client) error {
	config := rest.CopyConfig(c.config)
	config.ContentType = "application/vnd.kubernetes.protobuf"
	config.AcceptContentTypes = config.ContentType
	var types sync.Map
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(request *http.Request) (*http.Response, error) {
			response, err := next.RoundTrip(request)
			if err == nil {
				types.Store(response.Header.Get("Content-Type"), true)
			}
			return response, err
		})
	})
	maps := kubernetes.NewForConfigOrDie(config).CoreV1().ConfigMaps(c.namespace)
	return life(ctx, maps, &types)
}

type mapsClient interface {
	Create(context.Context, *corev1.ConfigMap, metav1.CreateOptions) (*corev1.ConfigMap, error)
	Get(context.Context, string, metav1.GetOptions) (*corev1.ConfigMap, error)
	List(context.Context, metav1.ListOptions) (*corev1.ConfigMapList, error)
	Delete(context.Context, string, metav1.DeleteOptions) error
	watcher
}

func leaderElection(ctx context.Context, c *client) error {
	var holders sync.Map
	candidate := func(ctx context.Context, name string, led chan<- string) {
		leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
			Lock: &resourcelock.LeaseLock{
				LeaseMeta:  metav1.ObjectMeta{Name: "leader", Namespace: c.namespace},
				Client:     c.set.CoordinationV1(),
				LockConfig: resourcelock.ResourceLockConfig{Identity: name},
			},
			ReleaseOnCancel: true,
			LeaseDuration:   15 * time.Second, RenewDeadline: 10 * time.Second, RetryPeriod: 500 * time.Millisecond,
			Callbacks: leaderelection.LeaderCallbacks{
				OnStartedLeading: func(context.Context) { holders.Store(name, true); led <- name },
				OnStoppedLeading: func() {},
			},
		})
	}
	first, stopFirst := context.WithCancel(ctx)
	defer stopFirst()
	led := make(chan string, 2)
	go candidate(first, "first", led)
	fmt.Println("leads:", <-led)
	second, stopSecond := context.WithCancel(ctx)
	defer stopSecond()
	go candidate(second, "second", led)
	if err := until(ctx, "renewed", func() bool {
		lease, err := c.set.CoordinationV1().Leases(c.namespace).Get(ctx, "leader", metav1.GetOptions{})
		return err == nil && lease.Spec.RenewTime.After(lease.Spec.AcquireTime.Time)
	}); err != nil {
		return err
	}
	stopFirst()
	select {
	case name := <-led:
		fmt.Println("leads:", name)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
