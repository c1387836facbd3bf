// The official Kubernetes plugin of Pulumi, built from its published module. The module lacks the generated schema that
// its own main package embeds; the plugin reads it only to import objects and to generate code, which is not done here.
package main

import "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

// Set by the linker.
var version = "0.0.0"

func main() {
	provider.Serve("kubernetes", version, []byte("{}"), []byte("{}"))
}
