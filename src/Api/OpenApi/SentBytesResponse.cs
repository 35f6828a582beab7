using System.Net.Mime;
using Microsoft.OpenApi;
using Relo.Api.Http.Answers;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Relo.Api.OpenApi;

/// <summary>
/// Describes responses that are not JSON. For downloads also the strong ETag, ranges (<c>Range</c>), and 304 for a client that has the
/// bytes.
/// </summary>
internal sealed class SentBytesResponse : IOperationFilter
{
    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var content in operation.Responses?.Values.Select(r => r.Content).OfType<IDictionary<string, IOpenApiMediaType>>() ?? [])
        {
            // The framework gives every media type of a response the schema of its JSON.
            foreach (var other in content.Keys.Where(k => k != MediaTypeNames.Application.Json).ToList())
                content[other] = new OpenApiMediaType { Schema = Of(other) };
        }

        var sent = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<SentBytes>().FirstOrDefault();
        if (sent is null) return;
        operation.Responses ??= [];
        var whole = Bytes(sent, "The bytes; `ETag` and `Content-Digest` have their digest");
        // A route that also sends a report declares the report's media types.
        if (operation.Responses.TryGetValue("200", out var described) && described.Content is { } forms)
            foreach (var (mediaType, form) in forms) whole.Content!.TryAdd(mediaType, form);
        operation.Responses["200"] = whole;
        operation.Responses["206"] = Bytes(sent, "The part requested by `Range`; `Repr-Digest` has the digest of the whole");
        operation.Responses["304"] = new OpenApiResponse { Description = "`If-None-Match` already has the digest" };
    }

    // JSON in a foreign format is described only as an object, because its schema is published elsewhere.
    private static OpenApiSchema Of(string mediaType) => mediaType switch
    {
        _ when mediaType.StartsWith("text/", StringComparison.Ordinal) => new() { Type = JsonSchemaType.String },
        _ when mediaType.EndsWith("+json", StringComparison.Ordinal) => new() { Type = JsonSchemaType.Object },
        _ => Binary(),
    };

    private static OpenApiSchema Binary() => new() { Type = JsonSchemaType.String, Format = "binary" };

    private static OpenApiResponse Bytes(SentBytes sent, string description) => new()
    {
        Description = description,
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            [sent.MediaType] = new OpenApiMediaType { Schema = Binary() },
        },
    };
}
