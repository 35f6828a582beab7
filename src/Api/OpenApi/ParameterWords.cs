using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Relo.Api.Http.Parameters;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Relo.Api.OpenApi;

/// <summary>Lists the values of parameters with few values.</summary>
internal sealed class ParameterWords : IOperationFilter
{
    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var declared = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<RouteParameters>().FirstOrDefault();
        foreach (var parameter in operation.Parameters ?? [])
        {
            if (declared?.All.FirstOrDefault(p => p.Name == parameter.Name)?.Words is { } words && parameter.Schema is OpenApiSchema schema)
                schema.Enum = [.. words.Select(word => (JsonNode)JsonValue.Create(word))];
        }
    }
}
