using System.Text.Json.Nodes;

namespace Relo.Api.OpenApi;

/// <summary>The answer of an example.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="MediaType">Media type; null where there is no body.</param>
/// <param name="Body">The body: JSON as it is, text as a string; of bytes only how many and their digest, of a zip the names of its
/// files.</param>
internal sealed record ExampleAnswer(int Status, string? MediaType, JsonNode? Body);
