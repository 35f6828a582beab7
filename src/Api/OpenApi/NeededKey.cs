using Microsoft.OpenApi;
using Relo.Api.Access;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Relo.Api.OpenApi;

/// <summary>
/// Marks the operations that need a key in this service, as it is configured: Swagger UI shows a lock at each of them, and none in a
/// service that is open.
/// </summary>
internal sealed class NeededKey(AccessRule rule) : IOperationFilter, IDocumentFilter
{
    private const string Scheme = "ApiKey";

    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (rule.NeededBy(context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<RouteAccess>().LastOrDefault())
            == Access.Scope.None) return;
        operation.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
    }

    /// <inheritdoc/>
    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        if (rule.IsOpen) return;
        document.AddComponent(Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "X-Api-Key",
            Description = "A key of this service.",
        });
    }
}
