using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Api.Http.Uploads;
using Relo.Archive.Settings;

namespace Relo.Api.Http.Entry;

/// <summary>
/// Runs before a route: refuses an Accept that it cannot serve and parameters that it does not know, reads its upload, and adds the fields
/// of the form to the parameters of the query. So a handler finds each parameter in one place, and no input of the client is ignored.
/// <code>
/// Accept → names in the query → body → names in the form → values → handler
/// </code>
/// </summary>
internal sealed class RouteEntry(RequestDelegate next, IOptions<LimitOptions> limits, IOptions<ArchiveOptions> archive)
{
    /// <summary>Lets the request through, or refuses it.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var metadata = http.GetEndpoint()?.Metadata;
        metadata?.GetMetadata<OfferedForms>()?.Choose(http); // 406 before a byte of the body is read
        if (metadata?.GetMetadata<RouteParameters>() is { } parameters)
        {
            parameters.Check(http.Request.Query);
            if (metadata.GetMetadata<TakenUpload>() is { } taken)
                AddFields(http, parameters, await ReadAsync(http, taken.Upload, parameters));
        }

        await next(http);
    }

    private async Task<IReadOnlyDictionary<string, string>> ReadAsync(HttpContext http, Upload upload, RouteParameters parameters)
    {
        if (upload == Upload.KernelFile)
            return await KernelBody.ReadAsync(http, parameters, limits.Value.KernelFileBytes, Path.Combine(archive.Value.Root, "uploads"));
        var body = await ObjectBody.ReadAsync(http, limits.Value.ObjectBytes, parameters,
            mayBeEmpty: upload is Upload.ObjectOrRef or Upload.ObjectAndLog, withLog: upload == Upload.ObjectAndLog);
        http.Features.Set(body);
        return body.Fields;
    }

    private static void AddFields(HttpContext http, RouteParameters parameters, IReadOnlyDictionary<string, string> fields)
    {
        if (fields.Count == 0) return;
        var all = new Dictionary<string, StringValues>(http.Request.Query, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in fields)
        {
            var parameter = parameters.Find(name);
            if (all.TryGetValue(name, out var inQuery))
                throw new RefusedException(Problem.ParameterTwice(parameter.Name, inQuery.ToString(), value));
            parameter.Check(value);
            all[name] = value;
        }

        http.Request.Query = new QueryCollection(all);
    }
}
