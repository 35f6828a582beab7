using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Relo.Api.OpenApi;

/// <summary>
/// Adds the examples to the document: the parameters of the first one, so that Swagger UI needs only the file, and
/// the recorded responses.
/// </summary>
internal sealed class OperationExamples : IOperationFilter
{
    /// <inheritdoc/>
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.OperationId is not { } id || !ExampleRun.All.TryGetValue(id, out var runs)) return;
        var (method, path) = (context.ApiDescription.HttpMethod!, "/" + context.ApiDescription.RelativePath);
        operation.Description =
            $"{operation.Description}\n\n```sh\n{string.Join('\n', runs.Select(run => run.Curl(method, path)))}\n```".TrimStart();
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            parameter.Example = ValueOf(parameter.Name!, runs[0].Request);
        if (operation.RequestBody is OpenApiRequestBody body && runs[0].Request.File is { } file)
            body.Description += $". To try it: [{Path.GetFileName(file)}](/samples/{file})";
        foreach (var run in runs) Add(operation, run);
    }

    private static JsonValue? ValueOf(string parameter, ExampleRequest request)
        => (request.Path?.GetValueOrDefault(parameter) ?? request.Query?.GetValueOrDefault(parameter)) is { } value
            ? JsonValue.Create(value)
            : null;

    private static void Add(OpenApiOperation operation, ExampleRun run)
    {
        if (run.Answer is not { MediaType: { } type, Body: { } value } answer) return;
        IOpenApiMediaType? found = null;
        IOpenApiResponse? response = null;
        if (operation.Responses?.TryGetValue($"{answer.Status}", out response) == true) response.Content?.TryGetValue(type, out found);
        if (found is not OpenApiMediaType media)
            throw new InvalidOperationException($"{operation.OperationId} answered {answer.Status} {type} in an example, and the route "
                + "table does not declare that");
        media.Examples ??= new Dictionary<string, IOpenApiExample>();
        media.Examples.Add(run.Summary, new OpenApiExample { Summary = run.Summary, Value = value.DeepClone() });
    }
}
