using System.Text.Json.Nodes;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;
using Relo.Api.Access;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Relo.Api.OpenApi;

/// <summary>Describes the problems of an operation: one response per status, with the codes it can carry.</summary>
internal sealed class ProblemResponses : IOperationFilter
{
    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var isGuarded = metadata.OfType<RouteAccess>().LastOrDefault()?.IsGuarded == true;
        ProblemKind[] access = isGuarded ? [ProblemKinds.KeyRequired, ProblemKinds.KeyRefused, ProblemKinds.ScopeMissing] : [];
        ProblemKind[] browsers = CrossSiteCheck.IsUnsafe(context.ApiDescription.HttpMethod ?? "") ? [ProblemKinds.CrossSiteRequest] : [];
        // Every route that needs a scope reads or writes the archive.
        ProblemKind[] archive = metadata.OfType<RouteAccess>().LastOrDefault() is { Scope: not Access.Scope.None }
            ? [ProblemKinds.StorageUnavailable, ProblemKinds.BlobDamaged]
            : [];
        ProblemKind[] limits = metadata.OfType<DisableRateLimitingAttribute>().Any()
            ? []
            : [ProblemKinds.TooManyRequests, ProblemKinds.TimeExceeded];
        // The problems of RouteEntry, which runs before the route.
        ProblemKind[] parameters = metadata.OfType<RouteParameters>().Any()
            ? [ProblemKinds.InvalidParameter, ProblemKinds.UnknownParameter]
            : [];
        ProblemKind[] forms = metadata.OfType<OfferedForms>().Any() ? [ProblemKinds.NotAcceptable] : [];
        operation.Responses ??= [];
        foreach (var group in metadata.OfType<PossibleProblems>().SelectMany(p => p.Kinds).Concat(parameters).Concat(forms).Concat(access)
            .Concat(browsers).Concat(archive).Concat(limits).Distinct().GroupBy(k => k.Status))
        {
            operation.Responses[$"{group.Key}"] = new OpenApiResponse
            {
                Description = string.Join("; ", group.Select(k => $"`{k.Code}`: {k.Title}")),
                Content = new Dictionary<string, IOpenApiMediaType>
                {
                    [Problem.MediaType] = new OpenApiMediaType { Schema = Schema(group), Examples = Example(group.First()) },
                },
            };
        }
    }

    // Swagger UI shows it instead of "string" and 0.
    private static Dictionary<string, IOpenApiExample> Example(ProblemKind kind) => new()
    {
        [kind.Code] = new OpenApiExample
        {
            Summary = kind.Title,
            Value = new JsonObject
            {
                ["type"] = kind.Type,
                ["title"] = kind.Title,
                ["status"] = kind.Status,
                ["detail"] = kind.Meaning,
                ["code"] = kind.Code,
                ["traceId"] = "0af7651916cd43dd8448eb211c80319c",
            },
        },
    };

    private static OpenApiSchema Schema(IEnumerable<ProblemKind> kinds) => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "type", "title", "status", "detail", "code", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "URL of a page that explains the code" },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What was found, what was expected, where" },
            ["code"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [.. kinds.Select(k => (JsonNode)JsonValue.Create(k.Code))]
            },
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Also in the log line of the request" },
        },
    };
}
