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
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (parameter.Schema is not OpenApiSchema schema) continue;
            if (declared?.All.FirstOrDefault(p => p.Name == parameter.Name) is not { Words: { } words } known) continue;
            List<JsonNode> values = [.. words.Select(word => (JsonNode)JsonValue.Create(word))];
            if (known.IsList)
            {
                (parameter.Style, parameter.Explode) = (ParameterStyle.Form, false); // separated by commas
                var item = new OpenApiSchema { Type = JsonSchemaType.String, Enum = values };
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = item };
            }
            else schema.Enum = values;
        }
    }
}
