namespace Relo.Api.Scripts;

/// <summary>
/// The script with which pipelines check objects (<c>wwwroot/relo-check.sh</c>).
/// <code>curl -fsS http://localhost:8080/relo-check.sh | sh -s -- build/tracer.bpf.o</code>
/// </summary>
internal static class CheckScript
{
    /// <summary>Downloads the script for pipelines.</summary>
    /// <param name="http">The request: its address is written into the script.</param>
    /// <param name="environment">Locates the script.</param>
    public static Task<IResult> Handle(HttpContext http, IWebHostEnvironment environment) =>
        AddressedScript.SendAsync("relo-check.sh", http, environment);
}
