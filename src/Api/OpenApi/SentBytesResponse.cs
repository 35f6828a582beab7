using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Relo.Api.OpenApi;

/// <summary>Describes downloads: bytes with a strong ETag, in part with <c>Range</c>, not at all when the client has them.</summary>
internal sealed class SentBytesResponse : IOperationFilter
{
    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var sent = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<SentBytes>().FirstOrDefault();
        if (sent is null) return;
        operation.Responses ??= [];
        operation.Responses["200"] = Bytes(sent, "The bytes; `ETag` and `Content-Digest` hold their digest");
        operation.Responses["206"] = Bytes(sent, "The part that `Range` asks for; `Repr-Digest` holds the digest of the whole");
        operation.Responses["304"] = new OpenApiResponse { Description = "`If-None-Match` has the digest already" };
    }

    private static OpenApiResponse Bytes(SentBytes sent, string description) => new()
    {
        Description = description,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            [sent.MediaType] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
        },
    };
}
