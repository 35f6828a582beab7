using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Relo.Api.OpenApi;

/// <summary>Groups the operations, in a useful order for newcomers.</summary>
internal sealed class OperationGroups : IDocumentFilter
{
    private static readonly (string Name, string Description, string[] Areas)[] Groups =
    [
        ("relocations", "One object, one kernel: the patched object and the changes", ["relocations"]),
        ("many kernels", "One object, all kernels or some of them", ["compatibility", "bundles"]),
        ("objects", "Objects stored under tags, which nodes fetch ready to load", ["objects", "relocated"]),
        ("diagnoses", "Why a kernel refused to load an object, from its log", ["diagnoses"]),
        ("kernels", "The archive of kernels and their BTF", ["kernels", "btf", "coverage", "features"]),
        ("types", "The types of a kernel: layouts, differences, history, header", ["types", "vmlinux.h"]),
        ("minimal BTF", "For loaders that relocate objects themselves", ["minimal-btf"]),
        ("trust", "The keys that sign, and the record of changes", ["keys", "audit"]),
        (BtfHubOnline, "The addresses of btfhub-online, for its clients", []),
        (Service, "The scripts for nodes and pipelines, and the problem codes", []),
    ];

    private const string BtfHubOnline = "btfhub-online";
    private const string Service = "service";

    /// <summary>The group of a route.</summary>
    /// <exception cref="InvalidOperationException">Its area is in no group.</exception>
    public static string Of(ApiDescription route) => route.RelativePath!.Split('/') switch
    {
        ["v1", var area, ..] => Array.Find(Groups, g => g.Areas.Contains(area)).Name
            ?? throw new InvalidOperationException($"/v1/{area} has no group; add it to {nameof(OperationGroups)}"),
        ["api", ..] => BtfHubOnline,
        _ => Service,
    };

    /// <inheritdoc/>
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var used = context.ApiDescriptions.Select(Of).ToHashSet();
        swaggerDoc.Tags = Groups.Where(g => used.Contains(g.Name))
            .Select(g => new OpenApiTag { Name = g.Name, Description = g.Description }).ToHashSet();
    }
}
