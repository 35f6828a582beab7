using System.Text.Json.Nodes;

namespace Relo.Api.OpenApi;

/// <summary>The response of an example.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="MediaType">Media type; null without a body.</param>
/// <param name="Body">The body: JSON as it is, text as a string; for bytes only their number and digest, for a zip the names of its
/// files.</param>
internal sealed record ExampleAnswer(int Status, string? MediaType, JsonNode? Body);
