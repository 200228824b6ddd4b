// Command requestinfo tells how the API server reads requests. Each line of standard input is a JSON
// object with the method and the target of a request, each line of standard output what
// k8s.io/apiserver makes of it, in the same order.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/klog/v2"
)

type question struct {
	Method string `json:"method"`
	Target string `json:"target"`
}

type answer struct {
	Error         string   `json:"error,omitempty"`
	Resource      bool     `json:"isResourceRequest,omitempty"`
	Path          string   `json:"path,omitempty"`
	Verb          string   `json:"verb,omitempty"`
	Prefix        string   `json:"apiPrefix,omitempty"`
	Group         string   `json:"apiGroup,omitempty"`
	Version       string   `json:"apiVersion,omitempty"`
	Namespace     string   `json:"namespace,omitempty"`
	Kind          string   `json:"resource,omitempty"`
	Subresource   string   `json:"subresource,omitempty"`
	Name          string   `json:"name,omitempty"`
	Parts         []string `json:"parts,omitempty"`
	FieldSelector string   `json:"fieldSelector,omitempty"`
	LabelSelector string   `json:"labelSelector,omitempty"`
}

var resolver = &request.RequestInfoFactory{
	APIPrefixes:          sets.NewString("api", "apis"),
	GrouplessAPIPrefixes: sets.NewString("api"),
}

func read(q question) answer {
	text := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: h\r\n\r\n", q.Method, q.Target)
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		return answer{Error: err.Error()}
	}
	info, err := resolver.NewRequestInfo(r)
	if err != nil {
		return answer{Error: err.Error()}
	}
	parts := info.Parts
	if parts == nil {
		parts = []string{}
	}
	return answer{
		Resource: info.IsResourceRequest, Path: info.Path, Verb: info.Verb, Prefix: info.APIPrefix,
		Group: info.APIGroup, Version: info.APIVersion, Namespace: info.Namespace, Kind: info.Resource,
		Subresource: info.Subresource, Name: info.Name, Parts: parts,
		FieldSelector: info.FieldSelector, LabelSelector: info.LabelSelector,
	}
}

func main() {
	// What cannot be parsed is in the answer.
	flags := flag.NewFlagSet("klog", flag.ExitOnError)
	klog.InitFlags(flags)
	flags.Set("logtostderr", "false")
	flags.Set("stderrthreshold", "FATAL")
	klog.SetOutput(io.Discard)
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	encode := json.NewEncoder(out)
	encode.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			out.Flush()
			return
		}
		var q question
		if err := json.Unmarshal(line, &q); err != nil {
			fmt.Fprintln(os.Stderr, "not a question:", err)
			os.Exit(1)
		}
		if err := encode.Encode(read(q)); err != nil {
			os.Exit(1)
		}
		// Whoever waits for the answer has sent nothing more.
		if in.Buffered() == 0 {
			out.Flush()
		}
	}
}
