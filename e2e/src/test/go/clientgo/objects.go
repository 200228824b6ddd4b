package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
)

// many is how many objects are listed in pages.
const many = 20_000

func mustParse(text string) *url.URL {
	parsed, err := url.Parse(text)
	if err != nil {
		panic(err)
	}
	return parsed
}

// group is one of this namespace's own, as the definitions of resources belong to the whole cluster.
func (c *client) group() string { return c.namespace + ".example.com" }

func (c *client) define(ctx context.Context) (dynamic.ResourceInterface, error) {
	all := dynamic.NewForConfigOrDie(c.config)
	definitions := all.Resource(schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"})
	definition := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": map[string]any{"name": "widgets." + c.group()},
		"spec": map[string]any{
			"group": c.group(), "scope": "Namespaced", "conversion": map[string]any{"strategy": "None"},
			"names":    map[string]any{"plural": "widgets", "singular": "widget", "kind": "Widget"},
			"versions": []any{version("v1", true), version("v1beta1", false)},
		},
	}}
	if _, err := definitions.Create(ctx, definition, metav1.CreateOptions{}); err != nil && !apierrors.IsAlreadyExists(err) {
		return nil, err
	}
	widgets := all.Resource(schema.GroupVersionResource{Group: c.group(), Version: "v1", Resource: "widgets"}).Namespace(c.namespace)
	return widgets, until(ctx, "widgets are served", func() bool {
		_, err := widgets.List(ctx, metav1.ListOptions{})
		return err == nil
	})
}

func version(name string, stored bool) map[string]any {
	return map[string]any{
		"name": name, "served": true, "storage": stored,
		"schema": map[string]any{"openAPIV3Schema": map[string]any{
			"type": "object", "x-kubernetes-preserve-unknown-fields": true,
		}},
	}
}

func (c *client) widget(name, text string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": c.group() + "/v1", "kind": "Widget", "metadata": map[string]any{"name": name}, "text": text,
	}}
}

// crd defines a resource in two versions without conversion, and uses it in both.
func crd(ctx context.Context, c *client) error {
	widgets, err := c.define(ctx)
	if err != nil {
		return err
	}
	events, err := widgets.Watch(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	defer events.Stop()
	if _, err := widgets.Create(ctx, c.widget("one", "hello"), metav1.CreateOptions{}); err != nil {
		return err
	}
	fmt.Println("watched", (<-events.ResultChan()).Type)
	old := dynamic.NewForConfigOrDie(c.config).Resource(schema.GroupVersionResource{Group: c.group(), Version: "v1beta1", Resource: "widgets"}).Namespace(c.namespace)
	found, err := old.Get(ctx, "one", metav1.GetOptions{})
	if err != nil {
		return err
	}
	fmt.Println("as", strings.TrimPrefix(found.GetAPIVersion(), c.group()), found.Object["text"])
	return widgets.Delete(ctx, "one", metav1.DeleteOptions{})
}

// discovered asks in the aggregated form and in the old one.
func discovered(_ context.Context, c *client) error {
	for _, legacy := range []bool{false, true} {
		asked := discovery.NewDiscoveryClientForConfigOrDie(c.config)
		asked.UseLegacyDiscovery = legacy
		groups, resources, err := asked.ServerGroupsAndResources()
		if err != nil {
			return err
		}
		count, groupsOfTheServer := 0, 0
		for _, list := range resources {
			if !strings.Contains(list.GroupVersion, "example.com") {
				count += len(list.APIResources)
			}
		}
		for _, group := range groups {
			if !strings.Contains(group.Name, "example.com") {
				groupsOfTheServer++
			}
		}
		fmt.Println("legacy", legacy, "groups", groupsOfTheServer, "resources", count)
	}
	return nil
}

// large sends an object of almost 3 MiB, the most an API server takes, and one beyond.
func large(ctx context.Context, c *client) error {
	widgets, err := c.define(ctx)
	if err != nil {
		return err
	}
	dry := metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}}
	text := strings.Repeat("0123456789abcdef", (3<<20-4_096)/16)
	back, err := widgets.Create(ctx, c.widget("large", text), dry)
	if err != nil {
		return err
	}
	fmt.Println("the same came back:", back.Object["text"] == text)
	_, err = widgets.Create(ctx, c.widget("larger", text+text[:8_192]), dry)
	fmt.Println("beyond 3 MiB:", apierrors.ReasonForError(err), apierrors.IsRequestEntityTooLargeError(err))
	stored, err := widgets.Create(ctx, c.widget("stored", text[:1<<20]), metav1.CreateOptions{})
	if err != nil {
		return err
	}
	fmt.Println("stored:", len(stored.Object["text"].(string)))
	return widgets.Delete(ctx, "stored", metav1.DeleteOptions{})
}

// pages lists what the test has made before, directly, in pages of 500.
func pages(ctx context.Context, c *client) error {
	maps := c.set.CoreV1().ConfigMaps(c.namespace)
	names, count := map[string]bool{}, 0
	options := metav1.ListOptions{Limit: 500, LabelSelector: "made-by=clientgo"}
	for {
		page, err := maps.List(ctx, options)
		if err != nil {
			return err
		}
		count++
		for _, item := range page.Items {
			names[item.Name] = true
		}
		if page.Continue == "" {
			break
		}
		options.Continue = page.Continue
	}
	all, err := maps.List(ctx, metav1.ListOptions{LabelSelector: "made-by=clientgo"})
	if err != nil {
		return err
	}
	fmt.Println("pages", count, "objects", len(names), "at once", len(all.Items))
	return nil
}

// fill makes the objects that pages lists.
func fill(ctx context.Context, c *client) error {
	maps := c.set.CoreV1().ConfigMaps(c.namespace)
	var wait sync.WaitGroup
	failures := make(chan error, 50)
	for worker := range 50 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := worker; i < many; i += 50 {
				if _, err := maps.Create(ctx, configMap(fmt.Sprintf("page-%05d", i), "value"), metav1.CreateOptions{}); err != nil {
					failures <- err
					return
				}
			}
		}()
	}
	wait.Wait()
	close(failures)
	return <-failures
}

// expired continues a list, and a watch, from a revision that is gone.
func expired(ctx context.Context, c *client) error {
	maps := c.set.CoreV1().ConfigMaps(c.namespace)
	token, err := json.Marshal(map[string]any{"v": "meta.k8s.io/v1", "rv": 2, "start": "a\u0000"})
	if err != nil {
		return err
	}
	_, err = maps.List(ctx, metav1.ListOptions{Limit: 1, Continue: base64.RawURLEncoding.EncodeToString(token)})
	if !apierrors.IsResourceExpired(err) {
		return fmt.Errorf("list: found %v (expected: 410 Expired)", err)
	}
	status := err.(apierrors.APIStatus)
	fmt.Println("list:", status.Status().Code, status.Status().Reason, "continues:", status.Status().Continue != "")
	// The server began to remember this resource's events when it was defined, long after revision 2.
	widgets, err := c.define(ctx)
	if err != nil {
		return err
	}
	events, err := widgets.Watch(ctx, metav1.ListOptions{ResourceVersion: "2"})
	if err != nil {
		return err
	}
	defer events.Stop()
	event := <-events.ResultChan()
	fmt.Println("watch:", event.Type, apierrors.ReasonForError(apierrors.FromObject(event.Object)))
	return nil
}
