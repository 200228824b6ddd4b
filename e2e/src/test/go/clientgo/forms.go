package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
)

type watcher interface {
	Watch(context.Context, metav1.ListOptions) (watch.Interface, error)
}

// life makes, reads, lists, watches and deletes an object, and tells the forms that the answers had.
func life(ctx context.Context, maps mapsClient, types *sync.Map) error {
	if _, err := maps.Create(ctx, configMap("alive", "Grüße, 世界"), metav1.CreateOptions{}); err != nil {
		return err
	}
	found, err := maps.Get(ctx, "alive", metav1.GetOptions{})
	if err != nil {
		return err
	}
	list, err := maps.List(ctx, metav1.ListOptions{FieldSelector: "metadata.name=alive"})
	if err != nil {
		return err
	}
	fmt.Println("got", found.Data["key"], "listed", len(list.Items))
	events, err := maps.Watch(ctx, metav1.ListOptions{ResourceVersion: list.ResourceVersion, FieldSelector: "metadata.name=alive"})
	if err != nil {
		return err
	}
	defer events.Stop()
	if err := maps.Delete(ctx, "alive", metav1.DeleteOptions{}); err != nil {
		return err
	}
	fmt.Println("watched", (<-events.ResultChan()).Type)
	tell(types)
	return nil
}

func tell(types *sync.Map) {
	var all []string
	types.Range(func(form, _ any) bool { all = append(all, form.(string)); return true })
	slices.Sort(all)
	fmt.Println("forms:", all)
}

// cbor asks for CBOR first, as clients do whose KUBE_FEATURE_ClientsAllowCBOR and _ClientsPreferCBOR are true,
// and takes what the server speaks.
func cbor(ctx context.Context, c *client) error {
	var types sync.Map
	config := rest.CopyConfig(c.config)
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(request *http.Request) (*http.Response, error) {
			response, err := next.RoundTrip(request)
			if err == nil {
				types.Store(fmt.Sprintf("%s asked %s sent %s got %d %s", request.Method, request.Header.Get("Accept"),
					request.Header.Get("Content-Type"), response.StatusCode, response.Header.Get("Content-Type")), true)
			}
			return response, err
		})
	})
	maps := dynamic.NewForConfigOrDie(config).Resource(schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}).Namespace(c.namespace)
	object := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "binary"}, "data": map[string]any{"key": "value"},
	}}
	if _, err := maps.Create(ctx, object, metav1.CreateOptions{}); err != nil {
		return err
	}
	list, err := maps.List(ctx, metav1.ListOptions{FieldSelector: "metadata.name=binary"})
	if err != nil {
		return err
	}
	fmt.Println("listed", len(list.Items))
	if err := maps.Delete(ctx, "binary", metav1.DeleteOptions{}); err != nil {
		return err
	}
	tell(&types)
	return nil
}
